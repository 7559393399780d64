// Events as JSON and back.
#include "journal/event_json.hpp"

#include "journal/event_fields.hpp"
#include "util/format.hpp"
#include "util/json_text.hpp"

#include <cmath>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace rustchain {
namespace {

template <class T>
constexpr bool k_is_list = false;
template <class T>
constexpr bool k_is_list<std::vector<T>> = true;
template <class T>
constexpr bool k_is_optional = false;
template <class T>
constexpr bool k_is_optional<std::optional<T>> = true;
using TextPair = std::pair<std::string, std::string>;

// ---- there

class Writer {
 public:
  explicit Writer(std::string& to) : to_(to) {}

  template <class T>
  void operator()(std::string_view key, T& value) {
    if (empty(value)) return;
    if (to_.back() != '{') to_ += ',';
    to_ += '"';
    to_ += key;
    to_ += "\":";
    put(value);
  }

 private:
  template <class T>
  static bool empty(const T& value) {
    if constexpr (std::is_same_v<T, bool>) return !value;
    if constexpr (std::is_same_v<T, Json>) return value.is_object() && value.empty();
    if constexpr (k_is_optional<T>) return !value;
    if constexpr (k_is_list<T> || std::is_same_v<T, std::string>) return value.empty();
    if constexpr (std::is_same_v<T, FailureKind>) return value == FailureKind::none;
    if constexpr (std::is_same_v<T, ResourceLimits>) return !value.any();
    return false;
  }

  template <class T>
  void put(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      append_json_text(to_, value);
    } else if constexpr (std::is_same_v<T, bool>) {
      to_ += value ? "true" : "false";
    } else if constexpr (std::is_arithmetic_v<T>) {
      number(value);
    } else if constexpr (std::is_enum_v<T>) {
      append_json_text(to_, word(value));
    } else if constexpr (std::is_same_v<T, Json>) {
      append_json(to_, value);
    } else if constexpr (k_is_optional<T>) {
      put(*value);
    } else if constexpr (k_is_list<T>) {
      to_ += '[';
      for (auto& element : value) {
        if (to_.back() != '[') to_ += ',';
        put(element);
      }
      to_ += ']';
    } else if constexpr (std::is_same_v<T, TextPair>) {
      to_ += '[';
      append_json_text(to_, value.first);
      to_ += ',';
      append_json_text(to_, value.second);
      to_ += ']';
    } else {
      to_ += '{';
      fields(*this, value);
      to_ += '}';
    }
  }

  void fraction(double value) {
    if (!std::isfinite(value)) value = 0;
    // Durations are whole nanoseconds, and then need no search for the digits that give them back.
    constexpr double parts = 1e9;
    const double whole = std::round(value * parts);
    if (value >= 0 && whole < 9e15 && whole / parts == value) {
      const auto all = static_cast<std::uint64_t>(whole);
      append_json(to_, Json(all / 1'000'000'000));
      if (std::uint64_t rest = all % 1'000'000'000; rest != 0) {
        std::string digits = std::to_string(1'000'000'000 + rest);  // of which the first stands for the point
        digits.front() = '.';
        digits.erase(digits.find_last_not_of('0') + 1);
        to_ += digits;
      }
      return;
    }
    append_json(to_, Json(value));
    if (to_.ends_with(".0")) to_.resize(to_.size() - 2);
  }

  template <class T>
  void number(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      fraction(value);
    } else {
      append_json(to_, Json(value));
    }
  }

  std::string& to_;
};

// ---- and back; what doesn't fit is an exception, caught below

class Reader {
 public:
  explicit Reader(const Json& from) : from_(from) {}

  template <class T>
  void operator()(const char* key, T& value) {
    auto found = from_.find(key);
    if (found != from_.end())
      get(*found, value);
    else if constexpr (std::is_same_v<T, bool>)
      value = false;
  }

 private:
  template <class T>
  static void get(const Json& from, T& value) {
    if constexpr (std::is_same_v<T, Json>) {
      value = from;
    } else if constexpr (std::is_enum_v<T>) {
      value = from_word<T>(from.get_ref<const std::string&>(), k_words<T>);
    } else if constexpr (k_is_optional<T>) {
      get(from, value.emplace());
    } else if constexpr (k_is_list<T>) {
      value.clear();
      if (!from.is_array()) throw std::invalid_argument("a list was to be there");
      for (const Json& element : from) get(element, value.emplace_back());
    } else if constexpr (std::is_same_v<T, TextPair>) {
      value = {from.at(0).get<std::string>(), from.at(1).get<std::string>()};
    } else if constexpr (std::is_same_v<T, std::string> || std::is_arithmetic_v<T>) {
      if (std::is_arithmetic_v<T> && !from.is_number() && !from.is_boolean())
        throw std::invalid_argument("a number was to be there");
      value = from.get<T>();
    } else {
      if (!from.is_object()) throw std::invalid_argument("a map was to be there");
      Reader inner(from);
      fields(inner, value);
    }
  }

  const Json& from_;
};

template <std::size_t I = 0>
void read_what(std::string_view name, Reader& reader, Event& event) {
  if constexpr (I < k_names.size()) {
    if (k_names[I] != name) return read_what<I + 1>(name, reader, event);
    fields(reader, event.what.emplace<I>());
  } else {
    throw std::invalid_argument("there is no event '" + std::string(name) + "'");
  }
}

}  // namespace

void append_event(std::string& to, const Event& event) {
  to.append(R"("at":")").append(format_time(event.at)).append(R"(","event":")");
  to.append(k_names[event.what.index()]).append(1, '"');
  Writer writer(to);
  // `fields` is for both ways; this one changes nothing.
  std::visit(
      [&](const auto& what) { fields(writer, const_cast<std::remove_cvref_t<decltype(what)>&>(what)); },
      event.what);
}

std::string event_to_json(const Event& event) {
  std::string text = "{";
  append_event(text, event);
  return text += '}';
}

Result<Event> event_from_json(const Json& json) {
  try {
    if (!json.is_object()) return Error{"it is no JSON object"};
    Event event;
    auto at = parse_time(json.at("at").get_ref<const std::string&>());
    if (!at) return Error{"its time can't be read"};
    event.at = *at;
    Reader reader(json);
    read_what(json.at("event").get_ref<const std::string&>(), reader, event);
    return event;
  } catch (const std::exception& error) {
    return Error{error.what()};
  }
}

}  // namespace rustchain
