// Text to Node tree: hands the text to yaml-cpp and turns whatever goes wrong into diagnostics.
#include "mission/load.hpp"

#include "mission/text_problem.hpp"
#include "mission/tree_builder.hpp"
#include "mission/yaml_lexer.hpp"
#include "mission/yaml_problem.hpp"
#include "util/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <istream>
#include <streambuf>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace rustchain {
namespace {

constexpr std::string_view k_bom = "\xEF\xBB\xBF";

// The parser keeps all tokens of a list or map in brackets for as long as it may still turn out to be a key.
// What would be a key of that size is refused before it fills the memory.
constexpr std::size_t k_most_tokens_ahead = 2'000'000;
constexpr std::size_t k_look_after = 250'000;

// Characters that begin or end tokens: an upper bound of how many the parser can have made of a piece of
// text.
constexpr auto k_mark_count = [] {
  std::array<std::uint8_t, 256> table{};
  for (char c : std::string_view("[]{},:\"'&*!?-")) table[static_cast<unsigned char>(c)] = 1;
  return table;
}();

// JSON writes characters past U+FFFF as two escapes, \ud83d\ude00, which YAML doesn't know: it wants
// \U0001f600. The text is rewritten so where it has any; `cuts` are the places where it lost two bytes by
// that.
struct Rewritten {
  std::string text;
  std::vector<std::size_t> cuts;
};

std::optional<std::uint32_t> surrogate(std::string_view text, std::size_t at, char32_t first, char32_t last) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const char* end = text.data() + at + 6;
  auto [stop, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
  if (error != std::errc{} || stop != end || unit < first || unit > last) return std::nullopt;
  return unit;
}

Rewritten rewrite_surrogates(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  Rewritten result;
  if (text.find("\\ud") == std::string_view::npos && text.find("\\uD") == std::string_view::npos)
    return result;
  YamlLexer lexer(text);
  std::size_t copied = 0;
  for (YamlToken token = lexer.next(); token.kind != YamlToken::Kind::end; token = lexer.next()) {
    if (token.kind != YamlToken::Kind::quoted || text[token.begin] != '"') continue;
    for (std::size_t at = text.find('\\', token.begin); at < token.end; at = text.find('\\', at)) {
      auto high = surrogate(text, at, 0xD800, 0xDBFF);
      auto low = high ? surrogate(text, at + 6, 0xDC00, 0xDFFF) : std::nullopt;
      if (!low) {
        at += 2;
        continue;
      }
      std::uint32_t code = 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00);
      result.text += text.substr(copied, at - copied);
      result.text += "\\U";
      for (int shift = 28; shift >= 0; shift -= 4) result.text += digits[(code >> shift) & 15];
      result.cuts.push_back(result.text.size());
      at += 12;
      copied = at;
    }
  }
  if (!result.cuts.empty()) result.text += text.substr(copied);
  return result;
}

// Gives the parser the text where it lies, and watches how far it reads ahead of its last event.
class Feed : public std::streambuf {
 public:
  Feed(std::string_view text, const std::vector<std::size_t>& cuts) : text_(text), cuts_(cuts), lexer_(text) {
    while (text_.substr(skip_).starts_with(k_bom)) skip_ += k_bom.size();
    // Behind a document's mark a bracket can't begin a key, so the parser need not keep a JSON file's tokens.
    if (YamlLexer(text).next().kind == YamlToken::Kind::open) prefix_ = "--- ";
    show(prefix_);
  }

  // The place in the original text of a position that the parser counted.
  std::size_t offset(int position) const {
    if (position < 0) return text_.size() + 2 * cuts_.size();
    std::size_t counted = static_cast<std::size_t>(position);
    std::size_t at = std::max(counted, prefix_.size()) - prefix_.size() + skip_;
    if (cuts_.empty()) return at;
    return at + 2 * static_cast<std::size_t>(std::ranges::upper_bound(cuts_, at) - cuts_.begin());
  }

  void watch(const TreeBuilder* builder, const LoadBounds* bounds, std::uint32_t file,
             Diagnostics* problems) {
    builder_ = builder;
    bounds_ = bounds;
    file_ = file;
    problems_ = problems;
  }

 protected:
  int_type underflow() override {
    if (in_text_) return traits_type::eof();
    in_text_ = true;
    show(text_.substr(skip_));
    return gptr() == egptr() ? traits_type::eof() : traits_type::to_int_type(*gptr());
  }

  std::streamsize xsgetn(char* to, std::streamsize count) override {
    std::streamsize got = std::streambuf::xsgetn(to, count);
    for (std::streamsize i = 0; i < got; ++i) marks_ += k_mark_count[static_cast<unsigned char>(to[i])];
    if (marks_ >= k_look_after) look();
    return got;
  }

 private:
  // The text is only read; the interface of streams knows no other way.
  void show(std::string_view text) {
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }

  void look() {
    marks_ = 0;
    if (builder_ == nullptr || !in_text_) return;
    if (builder_->events() != events_) {
      events_ = builder_->events();
      tokens_ = 0;
    }
    auto fed = static_cast<std::size_t>(gptr() - text_.data());
    while (lexer_.position() < fed) {
      YamlToken token = lexer_.next();
      if (token.begin > builder_->last_offset()) ++tokens_;
      if (lexer_.open().size() > bounds_->depth) {
        stop({.code = "RC0017",
              .message = "values are nested more than " + std::to_string(bounds_->depth) + " deep",
              .at = place_of(text_, token.begin, file_),
              .help = "write flatter lists and maps"});
      }
    }
    if (tokens_ <= k_most_tokens_ahead) return;
    if (lexer_.open().empty()) {
      stop({.code = "RC0018",
            .message = "this line holds more values than can be read",
            .at = place_of(text_, builder_->last_offset(), file_),
            .help = "write one `key: value` on a line"});
    }
    stop({.code = "RC0018",
          .message = "the list or map that begins here is too large to stand in brackets inside another list",
          .at = place_of(text_, lexer_.open().back(), file_),
          .help = "write its items on lines of their own, each after '- '"});
  }

  [[noreturn]] void stop(Diagnostic reason) {
    problems_->add(std::move(reason));
    throw StopLoading{};
  }

  std::string_view text_;
  const std::vector<std::size_t>& cuts_;
  std::size_t skip_ = 0;
  std::string_view prefix_;
  bool in_text_ = false;
  YamlLexer lexer_;
  std::size_t marks_ = 0;
  std::size_t tokens_ = 0;
  std::size_t events_ = 0;
  const TreeBuilder* builder_ = nullptr;
  const LoadBounds* bounds_ = nullptr;
  std::uint32_t file_ = 0;
  Diagnostics* problems_ = nullptr;
};

// The parser takes the end of a text for the end of quotes if a line end stands before it.
bool quote_is_open(std::string_view text, std::size_t quote) {
  return quote < text.size() && !YamlLexer(text.substr(quote)).next().closed;
}

Diagnostic parser_problem(std::string_view text, std::size_t offset, const YAML::Exception& error,
                          std::uint32_t file) {
  if (error.msg != YAML::ErrorMsg::BAD_FILE) return yaml_problem(text, offset, error.msg, file);
  return {.code = "RC0017",
          .message = "values are nested too deep here",
          .at = place_of(text, offset, file),
          .help = "write flatter lists and maps"};
}

}  // namespace

std::optional<Node> load_yaml(const std::string& text, std::uint32_t file, Diagnostics& problems,
                              const LoadBounds& bounds) {
  if (text.size() > bounds.file_bytes) {
    problems.add({.code = "RC0002",
                  .message = "the file is larger than " + format_size(bounds.file_bytes),
                  .at = {.file = file},
                  .help = "split it into several missions, or move its data to files of their own"});
    return std::nullopt;
  }
  if (auto problem = text_problem(text, file)) {
    problems.add(std::move(*problem));
    return std::nullopt;
  }

  Rewritten rewritten = rewrite_surrogates(text);
  Feed feed(rewritten.cuts.empty() ? std::string_view(text) : rewritten.text, rewritten.cuts);
  TreeBuilder builder(
      text, file, [&](const YAML::Mark& mark) { return feed.offset(mark.pos); }, bounds, problems);
  feed.watch(&builder, &bounds, file, &problems);
  try {
    std::istream stream(&feed);
    // What the feed throws has to pass through the stream.
    stream.exceptions(std::ios::badbit);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    if (quote_is_open(text, builder.last_quoted())) {
      problems.add(yaml_problem(text, text.size(), "illegal EOF in scalar", file));
      return std::nullopt;
    }
    return builder.take();
  } catch (const StopLoading&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    Diagnostic problem = parser_problem(text, feed.offset(error.mark.pos), error, file);
    // What is wrong with this value may have been told already.
    const std::vector<Diagnostic>& told = problems.all();
    if (told.empty() || told.back().at != problem.at || told.back().severity != Severity::error)
      problems.add(std::move(problem));
    return std::nullopt;
  }
}

}  // namespace rustchain
