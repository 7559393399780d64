// What step types share: reading parameters, paths, results.
#pragma once

#include "rustchain/step_result.hpp"
#include "rustchain/step_type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// ---- parameters, in the shape of StepContext::parameters

// nullptr: it isn't there, or null.
const Json* given(const Json& parameters, std::string_view key);
bool is_given(const Json& parameters, std::string_view key);  // there, and not null
// The text under `key`: a string as it is, anything else as JSON; absent: empty.
std::string text_of(const Json& parameters, std::string_view key);
bool flag_of(const Json& parameters, std::string_view key);  // absent: false
// A number, or a text like "10MB"; absent or neither: `otherwise`.
std::uint64_t number_of(const Json& parameters, std::string_view key, std::uint64_t otherwise);
// The elements of a list as texts; a single value is a list of one.
std::vector<std::string> list_of(const Json& parameters, std::string_view key);
std::vector<std::string> list_of(const Json& value);

// ---- paths

// The path under `key`, absolute: seen from the step's working directory, "~/" from the home directory. A
// Failure (kind invalid) when it is empty or holds a NUL byte.
Result<std::string, Failure> path_of(const StepContext& context, std::string_view key);
// Adds the path under `key`, as it stands there, to a list of effects.
void add_path(const Json& parameters, std::string_view key, std::vector<std::string>& paths);
// Whether something is a file name of nobody: a text with references is not known yet.
bool has_reference(std::string_view text);

// ---- results

StepResult failed(const Failure& failure);

// The last lines that aren't empty, valid UTF-8, each at most 400 bytes.
std::vector<std::string> last_lines(std::string_view text, std::size_t most);
// A text for one line of a message: control characters escaped, at most `most` bytes.
std::string shown(std::string_view text, std::size_t most = 100);

// ---- checks of parameters as written

void add_problem(Diagnostics& problems, std::string_view code, Severity severity, const Node& at,
                 std::string message, std::string help);
// The scalar under `key`, or nullptr.
const Node* scalar(const Step& step, std::string_view key);

}  // namespace rustchain
