// The programs that have a function of their own. Each function stands in the file of its family; the table
// of names is in safety/programs.cpp.
#pragma once

#include "safety/walk.hpp"

namespace rustchain {

// wrappers.cpp
bool is_wrapper(std::string_view program);
Stream run_wrapper(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_tmux(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_env(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_command_word(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_busybox(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_xargs(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_parallel(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_find(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_fd(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_ssh(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_fleet(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_container(Walk& walk, const Arguments& argv, const Stream& input);

// interpreters.cpp
bool is_interpreter(std::string_view program);
Stream run_shell(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_interpreter(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_awk(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_windows_shell(Walk& walk, const Arguments& argv, const Stream& input);

// streams.cpp: programs that print what they are given
Stream run_echo(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_printf(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_cat(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_base64(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_decoder(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_tee(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_reader(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_searcher(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_small_output(Walk& walk, const Arguments& argv, const Stream& input);

// sed.cpp
Stream run_sed(Walk& walk, const Arguments& argv, const Stream& input);

// file_programs.cpp
Stream run_make(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_remover(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_copier(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_dd(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_maker(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_mode(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_disk_tool(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_archiver(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_transfer(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_editor(Walk& walk, const Arguments& argv, const Stream& input);

// git.cpp
Stream run_git(Walk& walk, const Arguments& argv, const Stream& input);

// network.cpp
Stream run_curl(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_wget(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_fetcher(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_httpie(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_netcat(Walk& walk, const Arguments& argv, const Stream& input);

// host.cpp
Stream run_kill(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_service(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_schedule(Walk& walk, const Arguments& argv, const Stream& input);
Stream run_database(Walk& walk, const Arguments& argv, const Stream& input);

// The words of a text as a shell splits them, quotes taken away.
std::vector<std::string> split_shell_words(std::string_view text);
// The string literals of a program text in most languages; with what stands in base64 where it is decoded.
std::vector<std::string> string_literals(std::string_view code);
// The program text without what stands in its literals and comments.
std::string without_literals(std::string_view code);
std::optional<std::string> decode_base64_text(std::string_view text);

}  // namespace rustchain
