// A page of the documentation as its test sees it.
#include "pages/page.hpp"

#include "util/text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rustchain {
namespace {

namespace fs = std::filesystem;

class PageReader {
 public:
  explicit PageReader(Page& page) : page_(page) {}

  void read() {
    while (next()) {
      if (line_.starts_with("```")) {
        read_block();
      } else if (line_.starts_with("<!--")) {
        read_comment();
      } else {
        read_prose();
      }
    }
    if (!notes_.empty()) problem(notes_.front().line, "the comment stands ahead of no block");
  }

 private:
  bool next() {
    if (at_ >= page_.text.size()) return false;
    std::size_t end = std::min(page_.text.find('\n', at_), page_.text.size());
    line_ = page_.text.substr(at_, end - at_);
    at_ = end + 1;
    ++number_;
    return true;
  }

  void problem(std::size_t line, const std::string& what) {
    page_.problems.push_back(page_.name + ":" + std::to_string(line) + ": " + what);
  }

  void read_block() {
    PageItem block{.kind = PageItem::Kind::block, .line = number_, .language = line_.substr(3)};
    block.begin = at_;
    block.follows_block = since_block_ < 2;
    bool closed = false;
    while (!closed && next()) {
      closed = line_ == "```";
      if (!closed) block.text += line_ + "\n";
    }
    if (!closed) problem(block.line, "the block has no end");
    for (const PageItem& note : notes_) note_block(block, note);
    notes_.clear();
    since_block_ = 0;
    in_paragraph_ = false;
    page_.items.push_back(std::move(block));
  }

  void note_block(PageItem& block, const PageItem& note) {
    auto reason = [&](std::string_view mark) {
      std::string rest(trim(std::string_view(note.text).substr(mark.size())));
      if (rest.empty()) problem(note.line, "no reason given");
      return rest;
    };
    if (note.text.starts_with("file:")) {
      block.file = reason("file:");
      if (block.file.ends_with(", wrong")) {
        block.wrong = true;
        block.file.resize(block.file.size() - 7);
      }
    } else if (note.text.starts_with("not a mission:")) {
      block.not_a_mission = reason("not a mission:");
    } else if (note.text.starts_with("not run:")) {
      block.not_run = reason("not run:");
    } else if (note.text.starts_with("options:")) {
      block.options = reason("options:");
    } else if (note.text.starts_with("needs:")) {
      block.needs = reason("needs:");
    }
  }

  void read_comment() {
    PageItem comment{.kind = PageItem::Kind::comment, .line = number_};
    std::string text = line_.substr(4);
    while (text.find("-->") == std::string::npos && next()) text += "\n" + line_;
    std::size_t end = text.find("-->");
    if (end == std::string::npos) problem(comment.line, "the comment has no end");
    bool one_line = text.find('\n') == std::string::npos;
    comment.text = trim(text.substr(0, end));
    bool for_block = comment.text.starts_with("file:") && one_line;
    for (std::string_view mark : {"not a mission:", "not run:", "needs:", "options:"})
      for_block = for_block || comment.text.starts_with(mark);
    if (for_block) {
      notes_.push_back(comment);
    } else {
      page_.items.push_back(std::move(comment));
    }
  }

  void read_prose() {
    bool blank = trim(line_).empty();
    if (!blank && !notes_.empty()) {
      problem(notes_.front().line, "the comment stands ahead of no block");
      notes_.clear();
    }
    if (!blank && !in_paragraph_) ++since_block_;
    if (line_.starts_with('#')) since_block_ = 2;
    in_paragraph_ = !blank;
    if (line_.starts_with("    ") && trim(line_).starts_with("rustchain "))
      problem(number_, "an indented block isn't run; fence it with ```sh");
  }

  Page& page_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
  std::string line_;
  std::vector<PageItem> notes_;
  std::size_t since_block_ = 2;  // paragraphs
  bool in_paragraph_ = false;
};

}  // namespace

Page read_page(const std::string& repository, const std::string& name) {
  std::ifstream stream(fs::path(repository) / name, std::ios::binary);
  Page page{.name = name, .text = {std::istreambuf_iterator<char>(stream), {}}, .items = {}, .problems = {}};
  PageReader(page).read();
  return page;
}

std::vector<std::string> page_names(const std::string& repository) {
  std::vector<std::string> names = {"README.md"};
  for (const char* folder : {"docs", "missions"})
    for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(repository) / folder))
      if (entry.path().extension() == ".md") names.push_back(fs::relative(entry.path(), repository).string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace rustchain
