// How a failed exchange is told to people: shared by the steps that talk to servers.
#pragma once

#include "rustchain/services.hpp"
#include "rustchain/step_result.hpp"
#include "rustchain/stop.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rustchain {

// The failure of an exchange, with its cure.
Failure exchange_failure(const HttpError& error, const std::string& url, const Stop& stop);

// The headers of an answer by name; values of a name that came several times are joined with ", ".
Json headers_json(const std::vector<std::pair<std::string, std::string>>& headers);

// "404 Not Found"
std::string status_text(int status);

}  // namespace rustchain
