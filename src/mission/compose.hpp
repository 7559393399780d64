// From the document of one file to the one complete document: bases that it extends merged in, templates
// filled in.
#pragma once

#include "rustchain/diagnostic.hpp"
#include "rustchain/node.hpp"
#include "rustchain/result.hpp"

#include <functional>
#include <string>

namespace rustchain {

// Gives the text of a file; `path` is absolute, or relative to the directory rustchain was started in.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

// `document` was loaded from sources[0]; each base that is read is added to `sources`. Maps merge deeply (the
// child wins), lists replace, steps merge by id: same id, fields merge; new id, appended; `remove: true`,
// dropped. Several bases are merged in their order. Problems: bases that can't be read or loaded, circles of
// files (shown), unknown templates, holes and values that don't fit. False: a base is missing, and what would
// be found wrong with the rest may be its fault. Else no key `extends`, `templates`, `template`, `with` is
// left, apart from uses of templates that are reported.
[[nodiscard]] bool compose(Node& document, Sources& sources, const ReadFile& read_file,
                           Diagnostics& problems);

}  // namespace rustchain
