// --record and --replay: what stands between the steps of a run and the servers.
#include "cli/run_tape.hpp"

#include "journal/tape_client.hpp"
#include "util/format.hpp"
#include "util/path.hpp"

#include <string>

namespace rustchain {
namespace {

constexpr std::uint64_t k_most_bytes = 1ull << 30;

}  // namespace

bool load_tape(App& app, const RunOptions& options, Tape& tape) {
  if (options.replay.empty()) return true;
  auto text = app.services.files.read(resolve_path(app.directory, options.replay), k_most_bytes);
  if (!text) {
    app.console.err("error: can't read the tape: " + text.error().message +
                    "\n  help: record it first, with --record " + options.replay + "\n");
    return false;
  }
  auto exchanges = read_tape(*text);
  if (!exchanges) {
    app.console.err("error: " + options.replay + " is not a tape: " + exchanges.error().message +
                    "\n  help: name a file that --record has written\n");
    return false;
  }
  for (TapedExchange& exchange : *exchanges) tape.add(std::move(exchange));
  return true;
}

std::unique_ptr<HttpClient> taped_client(Files& files, HttpClient& http, const RunOptions& options,
                                         Tape& tape, const Mask& mask) {
  if (!options.record.empty()) return std::make_unique<TapeRecorder>(tape, http, mask);
  if (!options.replay.empty()) return std::make_unique<TapePlayer>(tape, http, files, mask);
  return nullptr;
}

bool close_tape(App& app, const RunOptions& options, const Tape& tape) {
  auto tell = [&](const std::string& text) {
    if (!app.common.quiet) app.console.err(text);
  };
  if (!options.replay.empty() && tape.left() > 0)
    tell("⚠ " + options.replay + " holds " + format_count(tape.left(), "exchange") +
         " that no step asked for\n");
  if (options.record.empty()) return true;
  std::vector<TapedExchange> exchanges = tape.all();
  if (exchanges.empty()) {
    tell("⚠ no step asked a server: " + options.record + " is not written\n");
    return true;
  }
  std::string text = write_tape(exchanges);
  auto written = app.services.files.write(
      {.path = resolve_path(app.directory, options.record), .bytes = text, .mode = {}});
  if (!written) {
    app.console.err("error: can't write the tape: " + written.error().message + "\n");
    return false;
  }
  tell("Recorded " + format_count(exchanges.size(), "exchange") + " in " + options.record + "\n");
  return true;
}

}  // namespace rustchain
