// Follows a shell text: lists, pipes, functions, redirections.
#include "safety/walk.hpp"

#include "safety/marks.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

constexpr std::size_t k_most_findings = 200;
// (New-Object Net.WebClient) of PowerShell.
bool makes_a_client(const ShellItem& item) {
  if (item.children.empty() || item.children[0].words.size() < 2) return false;
  const std::string made = to_lower(item.children[0].words[1].plain());
  return to_lower(item.children[0].words[0].plain()) == "new-object" &&
         (made.find("webclient") != std::string::npos || made.find("http") != std::string::npos);
}

}  // namespace

// ---- findings

void Walk::find(std::string_view rule, ShellSpan at, std::string_view subject) {
  if (rule == off_ || findings_.size() >= k_most_findings) return;
  std::string shown = without_marks(subject.substr(0, 200));
  if (!found_.insert(std::string(rule) + "\n" + shown).second) return;
  findings_.push_back({find_safety_rule(rule), std::move(shown), at});
}

bool Walk::spend(std::size_t bytes) {
  spent_ += 1 + bytes / 256;
  if (spent_ <= budget_) return true;
  find("analysis.bound", {}, "");
  return false;
}

void Walk::note(const Arguments& argv) {
  if (!explain_ || understood_.size() > 1000) return;
  std::vector<std::string> words;
  for (const Argument& argument : argv) words.push_back(without_marks(argument.text));
  understood_.push_back({depth_ + calls_, shell_join(words)});
}

// ---- from outside

void Walk::script(std::string_view text) {
  (void)run_text(text, {0, static_cast<std::uint32_t>(std::min(text.size(), k_shell_bytes))}, {});
}

void Walk::command(const std::vector<std::string>& argv) {
  Arguments arguments;
  arguments.reserve(argv.size());
  for (const std::string& word : argv) arguments.push_back({word, {}});
  if (arguments.empty()) return;
  (void)run(std::move(arguments), {});
}

void Walk::effect(std::string_view verb, std::string_view subject) {
  Argument argument{std::string(subject), {0, static_cast<std::uint32_t>(subject.size())}};
  if (verb == "read") {
    // Copies of kubectl's and aws's settings are called so; both hold credentials.
    if (subject == "config" || subject == "kubeconfig") find("secret.read", argument.at, subject);
    read(argument);
  }
  if (verb == "write") write(argument);
  if (verb == "delete") remove(argument, true);
  if (verb == "connect") url(argument, true);
}

void Walk::keep_decoded(std::string_view text) {
  if (decoded_.size() < 100) decoded_.insert(std::string(trim(text)));
}

bool Walk::was_decoded(std::string_view text) const {
  return !decoded_.empty() && decoded_.contains(std::string(trim(text)));
}

Stream Walk::run_text(std::string_view text, ShellSpan at, const Stream& input,
                      const std::vector<std::string>* positional) {
  if (++depth_ > k_deepest_run || !spend()) {
    find("analysis.bound", at, "");
    --depth_;
    return {};
  }
  if (has_mark(text, k_downloaded) || was_decoded(text)) find("net.pipe_to_shell", at, "");
  // In a text of the mission's own a value is handed over as a variable; in one that was put together here it
  // has become code.
  const bool tainted = depth_ > 1 && has_mark(text, k_tainted);
  if (tainted) find("taint.code", at, text);
  if (tainted) ++tainted_code_;
  if (has_mark(text, k_fed) && all_marks(text))
    find("code.dynamic", at, "");
  else if (has_mark(text, k_unknown) && all_marks(text))
    find("code.unverifiable", at, "");
  const bool outermost = depth_ == 1;
  scripts_.push_back(read_shell(text, outermost ? nullptr : &at, depth_));
  const ShellScript& script = scripts_.back();
  if (script.too_long || script.too_deep) find("analysis.bound", at, "");
  const std::vector<std::string>* before = positional_;
  if (positional != nullptr) positional_ = positional;
  Arguments outer_traps = std::exchange(traps_, {});
  Stream output = items(script.items, input);
  for (const Argument& handler : std::exchange(traps_, std::move(outer_traps)))
    (void)run_text(handler.text, handler.at, {});
  positional_ = before;
  if (tainted) --tainted_code_;
  --depth_;
  return output;
}

void Walk::restore(std::size_t mark, const std::string& directory) {
  while (undo_.size() > mark) {
    Undo& last = undo_.back();
    if (last.before)
      variables_[last.name] = std::move(*last.before);
    else
      variables_.erase(last.name);
    undo_.pop_back();
  }
  directory_ = directory;
}

Stream Walk::run_remote(std::string_view text, ShellSpan at, const Stream& input) {
  ++remote_;
  const std::string directory = directory_;
  const std::size_t mark = undo_.size();
  directory_ = places_.home;
  Stream output = run_text(text, at, input);
  restore(mark, directory);
  --remote_;
  return output;
}

Stream Walk::run_elsewhere(Arguments argv, const Stream& input, const Elsewhere& container) {
  const Elsewhere* before = std::exchange(elsewhere_, &container);
  Stream output = run(std::move(argv), input);
  elsewhere_ = before;
  return output;
}

// ---- lists

Stream Walk::items(const std::vector<ShellItem>& items, const Stream& input) {
  Stream all;
  bool evaluates = false;
  for (const ShellItem& one : items) {
    if (!spend()) break;
    if (one.conditional) ++conditional_;
    Stream output = item(one, input);
    if (one.conditional) --conditional_;
    // iex (iwr ...): in PowerShell the parentheses are the argument.
    if (evaluates && one.kind == ShellItem::Kind::subshell &&
        (has_mark(output.text, k_downloaded) || makes_a_client(one)))
      find("net.pipe_to_shell", one.span, "");
    evaluates = one.kind == ShellItem::Kind::simple && one.words.size() == 1 &&
                has_word("iex invoke-expression", to_lower(one.words[0].plain()));
    if (all.text.size() < k_longest_stream) all.text += output.text;
    all.secret = all.secret || output.secret;
  }
  return all;
}

Stream Walk::subshell(const std::vector<ShellItem>& items_, const Stream& input) {
  const std::size_t mark = undo_.size();
  const std::string directory = directory_;
  const int conditional = std::exchange(conditional_, 0);
  Stream output = items(items_, input);
  conditional_ = conditional;
  restore(mark, directory);
  return output;
}

Stream Walk::item(const ShellItem& item, const Stream& input) {
  switch (item.kind) {
    case ShellItem::Kind::simple: return simple(item, input);
    case ShellItem::Kind::pipeline: return pipeline(item, input);
    case ShellItem::Kind::function:
      if (!item.children.empty()) {
        functions_[item.name] = &item.children[0];
        // x(){ x|x& };x
        const ShellItem& body = item.children[0];
        auto calls_itself = [&](const ShellItem& one) {
          return !one.words.empty() && one.words[0].plain() == item.name;
        };
        std::ptrdiff_t in_order = 0;
        bool background = false;
        for (const ShellItem& inner : body.children) {
          const auto own = std::count_if(inner.children.begin(), inner.children.end(), calls_itself);
          in_order += calls_itself(inner) ? 1 : 0;
          background = background || (inner.background && calls_itself(inner));
          if (inner.kind == ShellItem::Kind::pipeline && own >= 2)
            find("proc.fork_bomb", item.span, item.name);
        }
        // x(){ x& x& };x
        if (in_order >= 2 && background) find("proc.fork_bomb", item.span, item.name);
      }
      return {};
    default: return compound(item, input);
  }
}

Stream Walk::pipeline(const ShellItem& item, const Stream& input) {
  Stream stream = input;
  // A shell between the two directions of a connection.
  bool shell = false, connection = false;
  for (const ShellItem& stage : item.children) {
    if (stage.words.empty()) continue;
    const std::string name = program_name(stage.words[0].plain());
    if (has_word("sh bash zsh dash ksh", name) && (stage.words.size() == 1 || stage.words[1].plain() == "-i"))
      shell = true;
    const bool client = name == "openssl" && stage.words.size() > 1 && stage.words[1].plain() == "s_client";
    if (shell && (client || has_word("nc ncat netcat telnet socat", name))) connection = true;
  }
  if (connection) find("net.remote_shell", item.span, "");
  for (const ShellItem& stage : item.children) {
    const std::size_t mark = undo_.size();
    const std::string directory = directory_;
    stream = this->item(stage, stream);
    stream.attached = true;
    if (&stage != &item.children.back()) restore(mark, directory);
  }
  return stream;
}

Stream Walk::compound(const ShellItem& item, const Stream& input) {
  Stream redirected = redirects(item, input);
  Stream all;
  auto add = [&](const Stream& output) {
    if (all.text.size() < k_longest_stream) all.text += output.text;
    all.secret = all.secret || output.secret;
  };
  switch (item.kind) {
    case ShellItem::Kind::subshell: return subshell(item.children, redirected);
    case ShellItem::Kind::choice: {
      Arguments ignored;
      for (const ShellWord& word : item.words) expand(word, false, ignored);
      ++conditional_;
      add(items(item.children, redirected));
      --conditional_;
      return all;
    }
    case ShellItem::Kind::loop: {
      Arguments values;
      for (const ShellWord& word : item.words) expand(word, true, values);
      if (!item.name.empty()) {
        Values list;
        for (Argument& value : values)
          if (list.size() < 32) list.push_back(std::move(value.text));
        if (list.empty()) list.emplace_back();
        set(item.name, std::move(list));
      }
      ++conditional_;
      add(items(item.children, redirected));
      --conditional_;
      return all;
    }
    default: add(items(item.children, redirected)); return all;
  }
}

Stream Walk::redirects(const ShellItem& item, const Stream& input) {
  Stream result = input;
  for (const ShellRedirect& redirect : item.redirects) {
    const std::string& operation = redirect.operation;
    if (operation == "<<" || operation == "<<-") {
      std::string body = expand_value(redirect.body->pieces, redirect.body->span).front();
      result = {std::move(body), true, false};
      continue;
    }
    Arguments target;
    expand(redirect.target, false, target);
    if (target.empty()) continue;
    if (operation == "<<<") {
      result = {target[0].text + "\n", true, false};
    } else if (operation == "<") {
      const bool secret = read(target[0]);
      result = {std::string(1, k_unknown), true, secret};
      // < <(command)
      if (auto known = written_->find(target[0].text);
          known != written_->end() && target[0].text.starts_with("/dev/fd/"))
        result.text = known->second;
    } else if (operation == "<&" ||
               (operation == ">&" && target[0].text.find_first_not_of("0123456789-") == std::string::npos)) {
      if (operation == "<&") result.attached = true;
    } else {
      const std::string& text = target[0].text;
      if (text.starts_with("/dev/tcp/") || text.starts_with("/dev/udp/")) {
        bool shell = false;
        for (const ShellWord& word : item.words) {
          std::string name = program_name(word.plain());
          shell = shell || has_word("sh bash zsh dash ksh exec", name);
        }
        find(shell ? "net.remote_shell" : "net.socket", target[0].at, text);
      } else {
        write(target[0]);
      }
    }
  }
  return result;
}

}  // namespace rustchain
