// The tables of keys and step types as pages for people. Pure.
#pragma once

#include "rustchain/keys.hpp"
#include "rustchain/step_type.hpp"

#include <span>
#include <string>

namespace rustchain {

// A Markdown table of the keys: name, type, default, meaning. Keys that this version doesn't have are left
// out.
std::string markdown_table(std::span<const KeySpec> keys);
// The whole reference of the format's own keys: a heading and a table for each place.
std::string markdown_keys();
// A section for the step type: summary, parameters, output, example.
std::string markdown_step_type(const StepType& type);

// The same of a step type for a terminal: plain text, at most 100 columns as far as words allow, ends with a
// newline.
std::string describe_step_type(const StepType& type);

// "string or list of strings"
std::string type_phrase(const KeySpec& key);

}  // namespace rustchain
