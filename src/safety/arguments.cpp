// A program's arguments told apart.
#include "safety/arguments.hpp"

#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

// "forc" for "force": git and GNU take what is unambiguous; two letters are the least that ever is.
bool stands_for(std::string_view given, std::string_view word) {
  return given == word || (given.size() >= 2 && word.starts_with(given));
}

bool takes_value(std::string_view name, std::string_view list) {
  if (has_word(list, name)) return true;
  if (name.size() < 3) return false;
  for (std::string_view word : words(list))
    if (word.starts_with(name)) return true;
  return false;
}

}  // namespace

const GivenOption* Parsed::find(std::string_view letters, std::string_view long_words) const {
  for (const GivenOption& option : options) {
    if (option.name.size() == 1) {
      if (letters.find(option.name[0]) != std::string_view::npos) return &option;
      continue;
    }
    if (has_word(long_words, option.name)) return &option;
  }
  for (const GivenOption& option : options)
    if (option.name.size() > 1)
      for (std::string_view word : words(long_words))
        if (stands_for(option.name, word)) return &option;
  return nullptr;
}

std::string Parsed::value(std::string_view letters, std::string_view long_words) const {
  const GivenOption* option = find(letters, long_words);
  return option != nullptr && option->value ? *option->value : std::string();
}

Parsed parse_arguments(const Arguments& arguments, std::size_t from, const OptionTable& table) {
  Parsed parsed;
  bool ended = false;
  parsed.first_operand = arguments.size();
  for (std::size_t i = from; i < arguments.size(); ++i) {
    const std::string& word = arguments[i].text;
    const ShellSpan at = arguments[i].at;
    auto next_value = [&]() -> std::optional<std::string> {
      if (i + 1 >= arguments.size()) return std::nullopt;
      return arguments[++i].text;
    };
    if (!ended && word == "--") {
      ended = true;
      continue;
    }
    if (ended || word.size() < 2 || word[0] != '-') {
      if (parsed.operands.empty()) parsed.first_operand = i;
      parsed.operands.push_back(arguments[i]);
      if (table.operand_ends) ended = true;
      continue;
    }
    if (word[1] == '-' || table.single_dash) {
      std::string_view name = std::string_view(word).substr(word[1] == '-' ? 2 : 1);
      std::size_t equals = name.find('=');
      GivenOption option{std::string(name.substr(0, equals)), std::nullopt, at};
      if (equals != std::string_view::npos)
        option.value = std::string(name.substr(equals + 1));
      else if (takes_value(option.name, table.long_values))
        option.value = next_value();
      parsed.options.push_back(std::move(option));
      continue;
    }
    for (std::size_t letter = 1; letter < word.size(); ++letter) {
      GivenOption option{std::string(1, word[letter]), std::nullopt, at};
      if (table.values.find(word[letter]) == std::string_view::npos) {
        parsed.options.push_back(std::move(option));
        continue;
      }
      if (letter + 1 < word.size())
        option.value = word.substr(letter + 1);
      else
        option.value = next_value();
      parsed.options.push_back(std::move(option));
      break;
    }
  }
  return parsed;
}

std::string joined(std::span<const Argument> arguments) {
  std::string text;
  for (const Argument& one : arguments) text.append(text.empty() ? "" : " ").append(one.text);
  return text;
}

Arguments from(const Arguments& arguments, std::size_t at) {
  return {arguments.begin() + static_cast<std::ptrdiff_t>(std::min(at, arguments.size())), arguments.end()};
}

}  // namespace rustchain
