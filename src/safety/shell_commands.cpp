// The reader of shell texts: lists, pipelines, compound commands, redirections.
#include "safety/shell_reader.hpp"
#include "safety/word_index.hpp"
#include "util/text.hpp"

#include <iterator>
#include <utility>

namespace rustchain {
namespace {

constexpr std::string_view k_keywords[] = {
    "if then elif else fi for while until do done case esac { } ! function time select in coproc [["};

}  // namespace

std::vector<ShellItem> ShellReader::in_parentheses() {
  Deeper deeper(*this);
  std::vector<ShellItem> items = list("");
  while (!done() && peek() != ')') {  // a keyword that closes nothing
    incomplete_ = true;
    if (follows(";;"))
      at_ += 2;
    else
      (void)word();
    std::vector<ShellItem> more = list("");
    std::move(more.begin(), more.end(), std::back_inserter(items));
  }
  if (done()) incomplete_ = true;
  ++at_;
  return items;
}

std::string_view ShellReader::keyword() const {
  if (done()) return {};
  std::size_t end = at_;
  while (end < text_.size() && !ends_word(text_[end])) ++end;
  const std::string_view found = text_.substr(at_, end - at_);
  return is_in<k_keywords>(found) ? found : std::string_view();
}

std::vector<ShellItem> ShellReader::list(std::string_view stops) {
  std::vector<ShellItem> items;
  bool conditional = false;
  while (true) {
    skip_space();
    if (done() || peek() == ')' || follows(";;")) return items;
    std::string_view here = keyword();
    if (has_word(stops, here) || has_word("then elif else fi do done esac }", here)) return items;
    if (follows("&&") || follows("||")) {
      at_ += 2;
      conditional = true;
      continue;
    }
    if (peek() == ';' || peek() == '&' || peek() == '|') {
      ++at_;
      conditional = false;
      continue;
    }
    ShellItem item = pipeline();
    item.conditional = std::exchange(conditional, false);
    skip_blanks();
    item.background = peek() == '&' && peek(1) != '&';
    items.push_back(std::move(item));
  }
}

ShellItem ShellReader::pipeline() {
  const std::size_t begin = at_;
  std::vector<ShellItem> stages;
  while (true) {
    skip_space();
    if (done() || peek() == ')') break;
    const std::size_t before = at_;
    stages.push_back(command());
    skip_blanks();
    if (at_ == before) ++at_;
    if (peek() != '|' || peek(1) == '|') break;
    at_ += peek(1) == '&' ? 2 : 1;
  }
  if (stages.size() == 1) return std::move(stages[0]);
  ShellItem item{.kind = ShellItem::Kind::pipeline};
  item.children = std::move(stages);
  item.span = span_from(begin);
  return item;
}

ShellItem ShellReader::command() {
  Deeper deeper(*this);
  const std::size_t begin = at_;
  ShellItem item;
  const std::string_view here = keyword();
  if (done()) return item;
  if (here.empty() && peek() != '(') {
    read_simple(item);
    return item;
  }
  if (here == "!") {
    ++at_;
    skip_blanks();
    return command();
  }
  if (here == "coproc") {
    at_ += here.size();
    skip_blanks();
    return command();
  }
  if (peek() == '(') {
    if (is_arithmetic(at_)) {
      item.words.push_back({{arithmetic(at_, true)}, {}, span_from(begin)});
      item.words.insert(item.words.begin(),
                        ShellWord{{make_piece(ShellPiece::Kind::text, true, "((")}, {}, span_from(begin)});
      return item;
    }
    ++at_;
    item.kind = ShellItem::Kind::subshell;
    item.children = in_parentheses();
  } else if (here == "{") {
    ++at_;
    item.kind = ShellItem::Kind::group;
    item.children = list("}");
    close("}");
  } else if (here == "if") {
    read_if(item);
  } else if (here == "while" || here == "until") {
    at_ += here.size();
    item.kind = ShellItem::Kind::loop;
    item.children = list("do");
    read_body(item);
  } else if (here == "for" || here == "select") {
    at_ += here.size();
    read_for(item);
  } else if (here == "case") {
    at_ += here.size();
    read_case(item);
  } else if (here == "function") {
    at_ += here.size();
    skip_blanks();
    item.name = word().plain();
    skip_blanks();
    if (follows("()")) at_ += 2;
    read_function(item);
    return item;
  } else {
    read_simple(item);
    return item;
  }
  read_redirects(item);
  item.span = span_from(begin);
  return item;
}

void ShellReader::close(std::string_view word) {
  skip_space();
  if (keyword() == word)
    at_ += word.size();
  else
    incomplete_ = true;
}

ShellItem ShellReader::group(std::vector<ShellItem> items) {
  ShellItem item{.kind = ShellItem::Kind::group};
  item.children = std::move(items);
  return item;
}

void ShellReader::read_if(ShellItem& item) {
  item.kind = ShellItem::Kind::choice;
  at_ += 2;
  for (std::string_view next = "if"; next == "if" || next == "elif" || next == "else";) {
    if (next != "else") {
      item.children.push_back(group(list("then")));
      close("then");
    }
    item.children.push_back(group(list("elif else fi")));
    skip_space();
    next = keyword();
    if (next == "elif" || next == "else") at_ += next.size();
  }
  close("fi");
}

void ShellReader::read_body(ShellItem& item) {
  skip_space();
  if (peek() == ';') ++at_;
  skip_space();
  if (keyword() == "{") {
    ++at_;
    item.children.push_back(group(list("}")));
    close("}");
    return;
  }
  close("do");
  item.children.push_back(group(list("done")));
  close("done");
}

void ShellReader::read_for(ShellItem& item) {
  item.kind = ShellItem::Kind::loop;
  skip_blanks();
  if (is_arithmetic(at_)) {
    item.words.push_back({{arithmetic(at_, true)}, {}, span_from(at_)});
  } else {
    item.name = word().plain();
    skip_space();
    if (keyword() == "in") {
      at_ += 2;
      for (skip_blanks(); !done() && !ends_word(peek()); skip_blanks()) item.words.push_back(word());
    } else {
      item.words.push_back({{make_piece(ShellPiece::Kind::variable, true, "@")}, {}, span_from(at_)});
    }
  }
  read_body(item);
}

void ShellReader::read_case(ShellItem& item) {
  item.kind = ShellItem::Kind::choice;
  skip_blanks();
  item.words.push_back(word());
  close("in");
  while (true) {
    skip_space();
    if (done() || keyword() == "esac") break;
    if (peek() == '(') ++at_;
    for (skip_space(); !done() && peek() != ')'; skip_space()) {
      const std::size_t before = at_;
      (void)word();
      if (at_ == before) ++at_;
    }
    ++at_;
    item.children.push_back(group(list("esac")));
    skip_space();
    if (follows(";;"))
      at_ += peek(2) == '&' ? 3 : 2;
    else if (keyword() != "esac")
      break;
  }
  close("esac");
}

void ShellReader::read_function(ShellItem& item) {
  item.kind = ShellItem::Kind::function;
  skip_space();
  if (done()) return;
  // f(){x}: zsh takes the brace for what it is, whatever follows.
  if (peek() == '{' && keyword().empty()) {
    ++at_;
    ShellItem body{.kind = ShellItem::Kind::group};
    body.children = list("}");
    close("}");
    item.children.push_back(std::move(body));
    return;
  }
  item.children.push_back(command());
}

void ShellReader::read_simple(ShellItem& item) {
  const std::size_t begin = at_;
  bool brackets = keyword() == "[[";
  while (true) {
    skip_blanks();
    if (done()) break;
    char c = peek();
    if (brackets && !item.words.empty()) {
      // Within [[ ]] operators compare; they neither redirect nor end the command.
      if (c == '\n' || c == ';') break;
      if (ends_word(c) && !((c == '<' || c == '>') && peek(1) == '(')) {
        ++at_;
        continue;
      }
    } else {
      if (redirect(item)) continue;
      if (ends_word(c) && !((c == '<' || c == '>') && peek(1) == '(')) {
        if (c == '(' && item.words.size() == 1 && peek(1) == ')' && !item.words[0].is_quoted()) {
          item.name = item.words[0].plain();
          item.words.clear();
          at_ += 2;
          read_function(item);
          return;
        }
        break;
      }
    }
    const std::size_t before = at_;
    item.words.push_back(word());
    if (brackets && item.words.back().plain() == "]]") brackets = false;
    if (at_ == before) ++at_;
  }
  item.span = span_from(begin);
}

void ShellReader::read_redirects(ShellItem& item) {
  for (skip_blanks(); !done() && redirect(item); skip_blanks()) {
  }
}

bool ShellReader::redirect(ShellItem& item) {
  std::size_t at = at_;
  while (at < text_.size() && is_digit(text_[at]) && at - at_ < 4) ++at;
  if (at == text_.size() || (text_[at] != '<' && text_[at] != '>' && text_[at] != '&')) return false;
  const bool numbered = at > at_;
  std::string_view rest_ = rest(at);
  std::string_view operation;
  for (std::string_view known : {"<<<", "<<-", "&>>", "<<", "<>", "<&", ">>", ">|", ">&", "&>", "<", ">"})
    if (operation.empty() && rest_.starts_with(known)) operation = known;
  if (operation.empty() || (numbered && operation[0] == '&')) return false;
  if ((operation == "<" || operation == ">") && rest_.substr(1).starts_with("(")) return false;
  ShellRedirect redirect;
  redirect.operation = operation;
  if (numbered) redirect.descriptor = std::stoi(std::string(text_.substr(at_, at - at_)));
  at_ = at + operation.size();
  skip_blanks();
  redirect.target = word();
  if (operation == "<<" || operation == "<<-") {
    redirect.body = std::make_shared<ShellWord>();
    documents_.push_back(
        {redirect.body, redirect.target.plain(), redirect.target.is_quoted(), operation == "<<-"});
  }
  item.redirects.push_back(std::move(redirect));
  return true;
}

}  // namespace rustchain
