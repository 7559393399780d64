// From what was found to a verdict: thresholds, scores and their arithmetic. Pure.
#pragma once

#include "safety/places.hpp"
#include "safety/rules.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

enum class SafetyMode : std::uint8_t { permissive, standard, strict, off };
// nullptr: there is no mode of that name.
const SafetyMode* find_safety_mode(std::string_view word);
std::string_view word_of(SafetyMode mode);
SafetyMode stricter(SafetyMode mode);

// Whether the rule's findings stop a mission in this mode. `off` lets all but the catastrophic pass.
bool blocks(const SafetyRule& rule, SafetyMode mode);
// low, medium, high or critical.
std::string_view risk_level(int score);

struct SafetyScore {
  int score = 0;  // 0 to 100
  // "90 net.pipe_to_shell + 5 privilege": how it comes about; empty when nothing was found.
  std::string arithmetic;
};
// The highest finding, and 5 for each further category, at most 15.
SafetyScore score_of(const std::vector<SafetyFinding>& findings);

// What a command line does that was given as a text: a shell text, or one of
//   http://...       a request of an http step
//   read PATH, write PATH, delete PATH      an access of a file step
// `off`: a rule that isn't looked for (tests).
std::vector<SafetyFinding> judge_line(std::string_view line, const SafetyPlaces& places,
                                      std::string_view off = {});

// What any text of a mission may hold: hidden characters, literal keys.
void judge_characters(std::string_view text, std::vector<SafetyFinding>& findings, std::string_view off = {});
// The same text with what looks like a key replaced by ***.
std::string mask_keys(std::string_view text);

}  // namespace rustchain
