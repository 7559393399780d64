// A look at a shell text, good enough to see which files it reads and writes.
#include "steps/shell_scan.hpp"

#include "util/text.hpp"

#include <deque>

namespace rustchain {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<ShellCommand> run() {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r') {
        end_word();
        ++at_;
      } else if (c == '#' && !in_word_) {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (c == '\n') {
        end_command();
        ++at_;
        skip_documents();
      } else if (c == '>' || c == '<') {
        redirection();
      } else if (c == '&' && at_ + 1 < text_.size() && text_[at_ + 1] == '>') {
        end_word();
        ++at_;
        redirection();
      } else if (c == '|' || c == '&' || c == ';' || c == '(' || c == ')') {
        end_command();
        ++at_;
      } else {
        word_character();
      }
    }
    end_command();
    return std::move(commands_);
  }

 private:
  enum class Next { word, read, write, other, document };

  void word_character() {
    in_word_ = true;
    char c = text_[at_];
    if (c == '\\' && at_ + 1 < text_.size()) {
      if (text_[at_ + 1] != '\n') word_ += text_[at_ + 1];
      at_ += 2;
    } else if (c == '\'') {
      std::size_t end = text_.find('\'', at_ + 1);
      word_ += text_.substr(at_ + 1, end == std::string_view::npos ? end : end - at_ - 1);
      at_ = end == std::string_view::npos ? text_.size() : end + 1;
    } else if (c == '"') {
      for (++at_; at_ < text_.size() && text_[at_] != '"';) {
        if (text_[at_] == '$' || text_[at_] == '`') {
          expansion();
          continue;
        }
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        word_ += text_[at_++];
      }
      ++at_;
    } else if (c == '$' || c == '`') {
      expansion();
    } else {
      word_ += c;
      ++at_;
    }
  }

  // $( ... ), ${ ... } and backquotes stay in the word as they are written.
  void expansion() {
    std::size_t begin = at_++;
    char open = text_[begin] == '`' ? '`' : at_ < text_.size() ? text_[at_] : ' ';
    if (open == '`') {
      while (at_ < text_.size() && text_[at_] != '`') at_ += text_[at_] == '\\' ? 2 : 1;
      ++at_;
    } else if (open == '(' || open == '{') {
      const char close = open == '(' ? ')' : '}';
      char quote = 0;
      for (int depth = 0; at_ < text_.size(); ++at_) {
        char c = text_[at_];
        if (c == '\\' && quote != '\'')
          ++at_;
        else if (quote != 0)
          quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
          quote = c;
        else if (c == open)
          ++depth;
        else if (c == close && --depth == 0)
          break;
      }
      ++at_;
    }
    at_ = std::min(at_, text_.size());
    word_ += text_.substr(begin, at_ - begin);
  }

  void redirection() {
    // A number right before it is a descriptor, no word.
    if (in_word_ && word_.find_first_not_of("0123456789") == std::string::npos) {
      word_.clear();
      in_word_ = false;
    }
    end_word();
    char c = text_[at_++];
    auto follows = [&](char wanted) {
      if (at_ >= text_.size() || text_[at_] != wanted) return false;
      ++at_;
      return true;
    };
    if (follows('(')) return;  // <( ) and >( ): what is in it is a command of its own
    next_ = c == '>' ? Next::write : Next::read;
    if (c == '>') {
      if (!follows('>')) follows('|');
      if (follows('&')) next_ = Next::other;
    } else if (follows('<')) {
      next_ = follows('<') ? Next::other : Next::document;
      if (next_ == Next::document) strip_tabs_ = follows('-');
    } else if (follows('>')) {
      next_ = Next::write;
    } else if (follows('&')) {
      next_ = Next::other;
    }
  }

  void end_word() {
    if (!in_word_) return;
    switch (next_) {
      case Next::word: command_.words.push_back(std::move(word_)); break;
      case Next::read: command_.reads.push_back(std::move(word_)); break;
      case Next::write: command_.writes.push_back(std::move(word_)); break;
      case Next::document: documents_.push_back({std::move(word_), strip_tabs_}); break;
      case Next::other: break;
    }
    next_ = Next::word;
    word_.clear();
    in_word_ = false;
  }

  void end_command() {
    end_word();
    next_ = Next::word;
    if (!command_.words.empty() || !command_.reads.empty() || !command_.writes.empty())
      commands_.push_back(std::move(command_));
    command_ = {};
  }

  // The bodies of here-documents follow the line that names them.
  void skip_documents() {
    while (!documents_.empty() && at_ < text_.size()) {
      std::size_t end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      if (documents_.front().strip_tabs)
        line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      if (line == documents_.front().end) documents_.pop_front();
    }
  }

  struct Document {
    std::string end;
    bool strip_tabs;
  };

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool in_word_ = false;
  bool strip_tabs_ = false;
  Next next_ = Next::word;
  ShellCommand command_;
  std::deque<Document> documents_;
  std::vector<ShellCommand> commands_;
};

}  // namespace

std::vector<ShellCommand> scan_shell(std::string_view text) {
  std::vector<ShellCommand> commands = Scanner(text).run();
  // Words of the shell that stand before a command, and assignments, are no part of it.
  for (ShellCommand& command : commands) {
    std::size_t first = 0;
    for (; first < command.words.size(); ++first) {
      const std::string& word = command.words[first];
      std::size_t equals = word.find('=');
      bool assigns =
          equals != std::string::npos && equals > 0 &&
          word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == equals;
      if (!assigns && !has_word("if then else elif while until do ! { time exec command", word)) break;
    }
    command.words.erase(command.words.begin(), command.words.begin() + static_cast<std::ptrdiff_t>(first));
  }
  return commands;
}

}  // namespace rustchain
