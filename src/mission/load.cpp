// Text to Node tree: hands the text to libyaml and turns whatever goes wrong into diagnostics.
#include "mission/load.hpp"

#include "mission/parser_text.hpp"
#include "mission/text_problem.hpp"
#include "mission/tree_builder.hpp"
#include "mission/yaml_problem.hpp"
#include "util/format.hpp"

#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml.h>

namespace rustchain {
namespace {

std::string_view view(const yaml_char_t* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

// One of the parser's events, freed with it.
class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t* get() { return &event_; }
  const yaml_event_t* operator->() const { return &event_; }

 private:
  yaml_event_t event_{};
};

class Parser {
 public:
  explicit Parser(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // False: here is no YAML, see stop().
  bool next(Event& event) {
    if (yaml_parser_parse(&parser_, event.get()) != 0) return true;
    if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    return false;
  }
  YamlStop stop(ParserText& text) const;

 private:
  yaml_parser_t parser_{};
};

// What the parser says, and what it says it of; an empty one: of anything.
struct Words {
  std::string_view problem;
  std::string_view context;
  YamlFault fault;
};
constexpr Words k_words[] = {
    {"mapping values are not allowed in this context", "", YamlFault::value},
    {"block sequence entries are not allowed in this context", "", YamlFault::entry},
    {"could not find expected ':'", "", YamlFault::no_colon},
    {"did not find expected key", "", YamlFault::key},
    {"did not find expected '-' indicator", "", YamlFault::item},
    {"did not find expected ',' or ']'", "", YamlFault::comma},
    {"did not find expected ',' or '}'", "", YamlFault::comma},
    {"did not find expected node content", "", YamlFault::content},
    {"did not find expected <document start>", "", YamlFault::after_end},
    {"found character that cannot start any token", "", YamlFault::first_character},
    {"did not find expected comment or line break", "while scanning a block scalar", YamlFault::block_header},
    {"did not find expected alphabetic or numeric character", "while scanning an alias", YamlFault::alias},
    {"did not find expected alphabetic or numeric character", "while scanning an anchor", YamlFault::anchor},
    {"", "while scanning a tag", YamlFault::tag},
    {"", "while parsing a tag", YamlFault::tag},
    {"found undefined tag handle", "", YamlFault::tag},
    {"", "while scanning a directive", YamlFault::directive},
    {"", "while scanning a %YAML directive", YamlFault::directive},
    {"", "while scanning a %TAG directive", YamlFault::directive},
    {"found unknown escape character", "", YamlFault::escape},
    {"did not find expected hexdecimal number", "", YamlFault::escape},
    {"found invalid Unicode character escape code", "", YamlFault::escape},
};

YamlStop Parser::stop(ParserText& text) const {
  const std::string_view problem = parser_.problem ? parser_.problem : "";
  const std::string_view context = parser_.context ? parser_.context : "";
  YamlStop stop{.fault = YamlFault::other, .words = problem};
  for (const Words& words : k_words) {
    const bool fits = words.problem.empty() || words.problem == problem;
    if (!fits || (!words.context.empty() && words.context != context)) continue;
    stop.fault = words.fault;
    break;
  }
  // Of these the parser notices only later that they are none.
  const bool at_begin = stop.fault == YamlFault::no_colon || stop.fault == YamlFault::alias ||
                        stop.fault == YamlFault::anchor || stop.fault == YamlFault::tag;
  stop.offset =
      text.offset((at_begin && !context.empty() ? parser_.context_mark : parser_.problem_mark).index);
  return stop;
}

YamlStyle style_of(yaml_scalar_style_t style) {
  if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
    return YamlStyle::quoted;
  if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) return YamlStyle::block;
  return YamlStyle::plain;
}

void build(const Event& event, ParserText& text, TreeBuilder& builder) {
  const std::size_t offset = text.offset(event->start_mark.index);
  switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: return builder.begin_document(offset);
    case YAML_ALIAS_EVENT: return builder.alias(offset, view(event->data.alias.anchor));
    case YAML_SCALAR_EVENT: {
      const auto& scalar = event->data.scalar;
      std::string_view value(reinterpret_cast<const char*>(scalar.value), scalar.length);
      return builder.scalar({offset, view(scalar.anchor), view(scalar.tag)}, text.original(value),
                            style_of(scalar.style));
    }
    case YAML_SEQUENCE_START_EVENT: {
      const auto& list = event->data.sequence_start;
      return builder.begin({offset, view(list.anchor), view(list.tag)}, Node::Kind::list,
                           list.style == YAML_FLOW_SEQUENCE_STYLE);
    }
    case YAML_MAPPING_START_EVENT: {
      const auto& map = event->data.mapping_start;
      return builder.begin({offset, view(map.anchor), view(map.tag)}, Node::Kind::map,
                           map.style == YAML_FLOW_MAPPING_STYLE);
    }
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return builder.end();
    default: return;
  }
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

  ParserText parser_text(text);
  TreeBuilder builder(text, file, bounds, problems);
  Parser parser(parser_text.fed());
  try {
    for (;;) {
      Event event;
      if (!parser.next(event)) break;
      if (event->type == YAML_STREAM_END_EVENT) return builder.take();
      build(event, parser_text, builder);
    }
  } catch (const StopLoading&) {
    return std::nullopt;
  }
  Diagnostic problem = yaml_problem(text, parser.stop(parser_text), file);
  // What is wrong with this value may have been told already.
  const std::vector<Diagnostic>& told = problems.all();
  if (told.empty() || told.back().at != problem.at || told.back().severity != Severity::error)
    problems.add(std::move(problem));
  return std::nullopt;
}

}  // namespace rustchain
