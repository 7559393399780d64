// Events as JSON and back: one event, one object. What is empty or false is left out.
#pragma once

#include "rustchain/event.hpp"
#include "rustchain/json.hpp"
#include "rustchain/result.hpp"

#include <string>

namespace rustchain {

// {"at":"2026-11-20T06:04:09.123Z","event":"step_started","step":3,...}: one line, UTF-8 whatever the texts
// hold, keys in an order that never changes. Times are cut to milliseconds.
std::string event_to_json(const Event& event);
// The same without its braces, at the end of a text.
void append_event(std::string& to, const Event& event);

// The error says what is missing or wrong. Keys that aren't known are passed over.
Result<Event> event_from_json(const Json& json);

}  // namespace rustchain
