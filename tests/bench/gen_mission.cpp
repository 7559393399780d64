// gen_mission KIND N: writes a mission, or the same work for another runner, to standard output.
//   steps        N steps as people write them, to be validated
//   sequential   N steps that run /bin/true one after another
//   independent  the same, two at a time
//   output       one step that prints N megabytes; needs the path of print_bytes as a third argument
//   makefile, ninja   N times /bin/true
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void true_steps(int count, bool two_at_a_time) {
  std::printf("name: true\nversion: \"1.0\"\n");
  if (two_at_a_time) std::printf("config:\n  max_parallel_steps: 2\n");
  std::printf("steps:\n");
  for (int i = 0; i < count; ++i)
    std::printf("  - {id: s%d, name: s%d, step_type: command, parameters: {command: /bin/true}}\n", i, i);
}

void written_steps(int count) {
  std::printf("name: generated\nversion: \"1.0\"\nsteps:\n");
  for (int i = 0; i < count; ++i) {
    std::printf(
        "  - id: \"s%05d\"\n    name: \"Step %d\"\n    step_type: \"command\"\n    parameters:\n"
        "      command: \"/bin/true\"\n      args: []\n    timeout_seconds: 30\n",
        i, i);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string_view kind = argc > 1 ? argv[1] : "";
  int count = argc > 2 ? std::atoi(argv[2]) : 0;
  if (count < 1) kind = "";
  if (kind == "steps") {
    written_steps(count);
  } else if (kind == "sequential" || kind == "independent") {
    true_steps(count, kind == "independent");
  } else if (kind == "output" && argc > 3) {
    std::printf(
        "name: output\nversion: \"1.0\"\nsteps:\n  - id: print\n    name: print\n    step_type: command\n"
        "    parameters:\n      command: \"%s\"\n      args: [\"%d\"]\n",
        argv[3], count);
  } else if (kind == "makefile") {
    std::printf("all:");
    for (int i = 0; i < count; ++i) std::printf(" s%d", i);
    std::printf("\n.PHONY: all");
    for (int i = 0; i < count; ++i) std::printf(" s%d", i);
    std::printf("\n");
    for (int i = 0; i < count; ++i) std::printf("s%d:\n\t@/bin/true\n", i);
  } else if (kind == "ninja") {
    std::printf("rule true\n  command = /bin/true\n");
    for (int i = 0; i < count; ++i) std::printf("build s%d: true\n", i);
  } else {
    std::fprintf(
        stderr,
        "usage: gen_mission steps|sequential|independent|makefile|ninja N, or output N PRINT_BYTES\n");
    return 2;
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
