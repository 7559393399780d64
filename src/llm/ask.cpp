// One question to a model server, kept to its contract.
#include "llm/ask.hpp"

#include "llm/failures.hpp"
#include "llm/think.hpp"
#include "util/json_text.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace rustchain {
namespace {

// What Ollama gives a model that nothing else is said for.
constexpr std::uint64_t k_default_context = 4096;
// Room for the answer where max_tokens doesn't say it, and what a message takes beside its text.
constexpr std::uint64_t k_answer_tokens = 1024;
constexpr std::uint64_t k_message_tokens = 16;
constexpr std::uint64_t k_image_tokens = 1024;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct PromptSize {
  std::uint64_t bytes = 0;
  std::uint64_t estimated = 0;
  std::uint64_t least = 0;
};

PromptSize size_of(const Prompt& prompt) {
  PromptSize size;
  for (const ChatMessage& message : prompt.messages) {
    size.bytes += message.content.size();
    size.estimated += estimated_tokens(message.content) + k_message_tokens;
    size.estimated += message.images.size() * k_image_tokens;
    size.least += least_tokens(message.content);
  }
  return size;
}

// Edits between a model's name and a wanted one; a tag that wasn't asked for (phi3:mini) costs nothing.
std::size_t distance(std::string_view model, std::string_view wanted) {
  if (wanted.find(':') == std::string_view::npos) model = model.substr(0, model.find(':'));
  model = model.substr(0, 200);
  wanted = wanted.substr(0, 200);
  std::vector<std::size_t> row(wanted.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < model.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      std::size_t changed = diagonal + (model[i] == wanted[k] ? 0 : 1);
      diagonal = row[k + 1];
      row[k + 1] = std::min({changed, row[k] + 1, diagonal + 1});
    }
  }
  return row.back();
}

HttpRequest small_request(HttpRequest request, const Question& question) {
  request.connect_timeout = question.limits.connect;
  request.total_timeout = question.limits.connect + Seconds(20);
  return with_api(std::move(request), question.provider, question.server);
}

std::optional<std::uint64_t> context_of_model(const Question& question, HttpClient& http, const Stop& stop) {
  const Provider& provider = question.provider;
  if (provider.describe_model == nullptr) return std::nullopt;
  auto answer = http.send(
      small_request(provider.describe_model(question.prompt.model, question.server), question), stop);
  if (!answer || answer->status / 100 != 2) return std::nullopt;
  auto parsed = parse_json(answer->body);
  return parsed ? provider.read_context_tokens(*parsed) : std::nullopt;
}

// The estimate may be too high by half; what is beyond that can't fit.
bool surely_larger(const PromptSize& size, std::uint64_t context) {
  return size.estimated / 2 > context || size.least * 3 / 4 > context;
}

// Powers of two: each other size makes the server load the model again.
std::uint64_t context_for(std::uint64_t needed) {
  std::uint64_t context = 2 * k_default_context;
  while (context < needed) context *= 2;
  return context;
}

// Sees to it that the prompt fits: chooses the context, or says that none is large enough.
std::optional<LlmFailure> make_room(Question& question, const PromptSize& size, HttpClient& http,
                                    const Stop& stop) {
  Prompt& prompt = question.prompt;
  if (question.provider.describe_model == nullptr) return std::nullopt;
  std::uint64_t answer = k_answer_tokens;
  if (prompt.max_tokens && *prompt.max_tokens > 0) answer = static_cast<std::uint64_t>(*prompt.max_tokens);
  std::uint64_t needed = size.estimated + answer;
  if (auto wanted = count_at(prompt.options, "num_ctx")) {
    if (surely_larger(size, *wanted)) return prompt_too_long(question, size.estimated, size.bytes, *wanted);
    return std::nullopt;
  }
  if (needed <= k_default_context) return std::nullopt;
  auto limit = context_of_model(question, http, stop);
  if (!limit) {
    // The server doesn't say, or the model isn't there: it will tell what it thinks of this.
    prompt.context_tokens = context_for(needed);
    return std::nullopt;
  }
  if (surely_larger(size, *limit)) return prompt_too_long(question, size.estimated, size.bytes, *limit);
  prompt.context_tokens = std::min(*limit, context_for(needed));
  return std::nullopt;
}

// Cuts the stream into lines and reads them.
class LineReader {
 public:
  LineReader(const Question& question, Completion& completion)
      : question_(question), completion_(completion) {}

  void feed(std::string_view bytes) {
    for (std::size_t end; (end = bytes.find('\n')) != std::string_view::npos; bytes.remove_prefix(end + 1)) {
      rest_ += bytes.substr(0, end);
      take(std::exchange(rest_, {}));
    }
    rest_ += bytes;
  }
  void end() {
    take(std::exchange(rest_, {}));
    add(split_.take_held());
  }

 private:
  void take(const std::string& line) {
    if (!completion_.error.empty()) return;
    piece_.content.clear();
    piece_.thinking.clear();
    question_.provider.read(line, piece_);
    completion_.model = piece_.model;
    completion_.thinking += piece_.thinking;
    completion_.prompt_tokens = piece_.prompt_tokens;
    completion_.completion_tokens = piece_.completion_tokens;
    completion_.finish_reason = piece_.finish_reason;
    completion_.done = piece_.done;
    completion_.error = piece_.error;
    add(split_.feed(piece_.content));
  }
  void add(const std::string& visible) {
    completion_.content += visible;
    completion_.thinking += split_.take_thinking();
    if (question_.on_text && !visible.empty()) question_.on_text(visible);
  }

  const Question& question_;
  Completion& completion_;
  Completion piece_;  // what the provider reads; its texts are those of the last line alone
  ThinkSplitter split_;
  std::string rest_;
};

std::optional<LlmFailure> prompt_was_cut(const PromptSize& size, const Completion& completion) {
  std::uint64_t read = completion.prompt_tokens.value_or(0);
  // A few words may share a token ("don't"), not a quarter of them.
  if (read == 0 || size.least < 100 || read >= size.least * 3 / 4) return std::nullopt;
  return LlmFailure{FailureKind::llm_error,
                    "the server cut the prompt: it read " + with_commas(read) + " tokens of at least " +
                        with_commas(size.least),
                    "shorten it, set max_context_chars, or raise num_ctx in options"};
}

}  // namespace

std::uint64_t estimated_tokens(std::string_view text) {
  std::uint64_t plain = 0;
  std::uint64_t other = 0;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      ++plain;
    } else if (byte >= 0xc0) {
      ++other;
    }
  }
  return (plain * 2 + 6) / 7 + other;
}

std::uint64_t least_tokens(std::string_view text) {
  std::uint64_t words = 0;
  bool within = false;
  for (char c : text) {
    bool part = is_letter_or_digit(c);
    if (part && !within) ++words;
    within = part;
  }
  return words;
}

std::vector<std::string> models_there(const Question& question, HttpClient& http, const Stop& stop) {
  const Provider& provider = question.provider;
  auto answer = http.send(small_request(provider.list_models(question.server), question), stop);
  if (!answer || answer->status / 100 != 2) return {};
  auto parsed = parse_json(answer->body);
  if (!parsed) return {};
  std::vector<std::string> models = provider.read_models(*parsed);
  std::sort(models.begin(), models.end());
  const std::string& wanted = question.prompt.model;
  std::stable_sort(models.begin(), models.end(), [&](const std::string& a, const std::string& b) {
    return distance(a, wanted) < distance(b, wanted);
  });
  return models;
}

Asked ask(const Question& asked_for, HttpClient& http, const Stop& stop) {
  Question question = asked_for;
  Asked asked;
  PromptSize size = size_of(question.prompt);
  if (auto failure = make_room(question, size, http, stop)) {
    asked.failure = std::move(failure);
    return asked;
  }

  HttpRequest request =
      with_api(question.provider.chat(question.prompt, question.server), question.provider, question.server);
  request.connect_timeout = question.limits.connect;
  request.first_byte_timeout = question.limits.first_token;
  request.idle_timeout = question.limits.silence;
  request.follow_redirects = true;
  LineReader lines(question, asked.completion);
  request.on_body = [&](std::string_view bytes) {
    lines.feed(bytes);
    if (question.on_piece) question.on_piece(asked.completion);
    return true;
  };
  auto answer = http.send(request, stop);
  lines.end();
  if (asked.completion.model.empty()) asked.completion.model = question.prompt.model;

  if (!answer) {
    asked.failure = exchange_failed(question, answer.error(), asked.completion, stop);
    return asked;
  }
  asked.status = answer->status;
  if (answer->status / 100 != 2) {
    asked.headers = answer->headers;
    Refused refused = question.provider.refused(answer->status, answer->body);
    std::vector<std::string> models;
    if (refused.why == Refusal::model_missing) models = models_there(question, http, stop);
    asked.failure = server_refused(question, answer->status, refused, models);
  } else if (!asked.completion.error.empty()) {
    asked.failure = broke_down(question, asked.completion);
  } else if (auto cut = prompt_was_cut(size, asked.completion)) {
    asked.failure = std::move(cut);
  } else if (auto unusable = answer_unusable(question, asked.completion)) {
    asked.failure = std::move(unusable);
  } else if (asked.completion.finish_reason == "length") {
    asked.warnings.push_back("the answer was cut; allow_truncated says that it is used as it is");
  }
  return asked;
}

}  // namespace rustchain
