// A page of the documentation as its test sees it: the fenced blocks, and the comments that say what they
// are.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rustchain {

// Comments are what people who read the page don't see. Ahead of a block:
//   <!-- file: NAME -->              the block is this file
//   <!-- file: NAME, wrong -->       ... which isn't valid, and the page shows what is said of it
//   <!-- not a mission: WHAT -->     YAML of something else
//   <!-- options: --var a=b -->      what `validate` needs for it
//   <!-- not run: REASON -->
//   <!-- needs: PROGRAM -->          run only where there is such a program
// Anywhere, in force from there on:
//   <!-- file: NAME                  a file that must be there, its text on the lines that follow
//   <!-- folder: NAME -->            a copy of this folder of the repository
//   <!-- model NAME says: TEXT -->   what a model answers in the next block; several: one after another
//   <!-- GET URL gives: STATUS       what a server answers, the body on the lines that follow
//   <!-- fragments may name: a, b -->  steps that are there for the fragments of the page
struct PageItem {
  enum class Kind { block, comment };
  Kind kind = Kind::block;
  std::size_t line = 0;        // of the fence or the comment, from 1
  std::string language;        // of a block
  std::string text;            // of a block: its lines; of a comment: what stands between the marks, trimmed
  std::size_t begin = 0;       // where a block's text stands in the page
  bool follows_block = false;  // no more than one paragraph stands between the last block and this one

  // Of a block, from the comments ahead of it.
  std::string file;
  bool wrong = false;
  std::string not_a_mission;
  std::string not_run;
  std::string options;
  std::string needs;
};

struct Page {
  std::string name;  // as seen from the repository
  std::string text;
  std::vector<PageItem> items;  // in order
  std::vector<std::string> problems;
};

Page read_page(const std::string& repository, const std::string& name);
// README.md and the pages of docs/ and missions/.
std::vector<std::string> page_names(const std::string& repository);

}  // namespace rustchain
