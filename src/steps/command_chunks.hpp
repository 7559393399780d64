// How a command that works on many files is split into chunks of them, and what its exit codes say together.
// Pure.
#pragma once

#include "rustchain/services.hpp"

#include "steps/command_line.hpp"
#include "util/regex.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rustchain {

// What the parameters say of chunks.
struct ChunkKeys {
  bool files = false;       // `files` is given
  bool asked = false;       // chunks are asked for, with files or without
  std::size_t size = 1000;  // files at once
  unsigned parallel = 1;    // chunks at once
};
ChunkKeys chunk_keys(const Json& parameters, unsigned cores);

// A pattern for file names as fnmatch has it without flags: `*` matches slashes and leading dots too.
class Wildcard {
 public:
  // Fails with what is wrong with the pattern.
  static Result<Wildcard> make(std::string_view pattern);
  bool matches(std::string_view name) const;
  // The whole of it, or what follows one of its slashes.
  bool matches_end(std::string_view path) const;

 private:
  explicit Wildcard(Regex regex) : regex_(std::move(regex)) {}
  Regex regex_;
};

// The files that `grep -r` reads.
struct TreeWalk {
  struct Name {
    bool include = false;
    Wildcard pattern;
  };
  std::vector<std::string> roots;  // empty: the working directory, whose name isn't shown
  bool follow = false;             // symlinks (-R)
  std::vector<Name> names;         // --include and --exclude in their order: the last that matches wins
  std::vector<Wildcard> no_directories;

  bool takes_file(std::string_view name, bool is_root) const;
  bool takes_directory(std::string_view name, bool is_root) const;
};

// What the exit codes of the chunks mean for the whole.
enum class ExitMerge { worst, grep, find_each, find_plus };
// `lister`: the exit code of the program that listed the files, if there was one. No codes: nothing was run.
int merge_exit_codes(ExitMerge how, const std::vector<int>& codes, int lister = 0);

struct ChunkPlan {
  std::vector<std::string> words;  // of each chunk's command, without the files
  std::size_t at = 0;              // the files come before words[at]
  bool one_each = false;           // a process for each file, which stands for each {} in the words
  std::size_t size = 1000;
  bool name_files = false;  // grep: it must be told to name the files when there is more than one in all
  ExitMerge merge = ExitMerge::worst;
  std::string separator;  // between the outputs of two chunks that printed something
  // Where the files come from; neither: from `files`.
  std::optional<TreeWalk> walk;
  std::vector<std::string> lister;  // a program that prints them, each with a NUL after it
};

// A Failure (kind invalid) names what can't be done in chunks, and what to do instead.
Result<ChunkPlan, Failure> plan_chunks(const CommandLine& line, const ChunkKeys& keys);
// What starts the command with these files.
std::vector<std::string> chunk_arguments(const ChunkPlan& plan, const std::vector<std::string>& files);
// Programs that take all their files together, so that several chunks would print something else: why not, in
// a few words; empty: nothing is known against it.
std::string_view needs_all_files(const ChunkPlan& plan);

// Puts files together until a chunk is full.
class Chunker {
 public:
  Chunker(std::size_t most_files, std::size_t most_bytes)
      : most_files_(most_files), most_bytes_(most_bytes) {}
  // Whether the chunk had to be given away first; it is what full() gives then.
  bool is_full_for(const std::string& file) const;
  void add(std::string file);
  std::vector<std::string> take();
  bool empty() const { return files_.empty(); }

 private:
  std::size_t most_files_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::vector<std::string> files_;
};

}  // namespace rustchain
