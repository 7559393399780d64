#include "safety/judge.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

bool blocked(const std::string& command) {
  std::vector<SafetyFinding> findings = judge_line(command, {});
  return std::any_of(findings.begin(), findings.end(), [](const SafetyFinding& finding) {
    return blocks(*finding.rule, SafetyMode::standard);
  });
}

void expect_blocked(const std::vector<std::string>& commands) {
  for (const std::string& command : commands) EXPECT_TRUE(blocked(command)) << command;
}
void expect_allowed(const std::vector<std::string>& commands) {
  for (const std::string& command : commands) EXPECT_FALSE(blocked(command)) << command;
}

TEST(Walk, SeesThroughWrappers) {
  expect_blocked({"env -i A=1 rm -rf ~", "nice -n 5 timeout -k 1 10 rm -rf ~", "nohup setsid rm -rf ~ &",
                  "command -- rm -rf ~", "busybox rm -rf ~", "xargs -n1 rm -rf < list",
                  "find . -exec sh -c 'rm -rf ~' \\;", "watch -n 2 'rm -rf ~'", "flock /tmp/l -c 'rm -rf ~'",
                  "su -c 'rm -rf ~'", "env -S 'rm -rf' ~", "parallel rm -rf ::: ~", "poetry run rm -rf ~",
                  "docker exec a sh -c 'rm -rf /data'", "kubectl exec p -- rm -rf /data",
                  "script -qc 'rm -rf ~' out"});
  expect_allowed({"env A=1 make", "timeout 10 make", "nice make", "xargs -n1 echo < list",
                  "docker exec a ls /", "poetry run pytest"});
}

TEST(Walk, ReadsQuotesAndExpansionsAsTheShellDoes) {
  expect_blocked({"r''m -rf ~", "\"rm\" -rf ~", "r\\m -rf ~", "$'\\x72m' -rf ~", "rm${IFS}-rf${IFS}~",
                  "{rm,-rf,/etc}", "a=rm; $a -rf ~", "x='rm -rf /etc'; $x", "d=/etc; rm -rf \"$d/x\"",
                  "rm -rf \"${d:-/etc}\"", "f() { rm -rf \"$1\"; }; f /etc",
                  "for d in build /etc; do rm -rf $d; done",
                  "if true; then d=/etc; else d=build; fi; rm -rf $d"});
  expect_allowed({"x='rm -rf /etc'; echo \"$x\"", "d=build; rm -rf \"$d/x\"",
                  "f() { rm -rf \"$1\"; }; f build", "echo $(echo rm -rf /)"});
}

TEST(Walk, KeepsWhatGoesThroughAPipe) {
  expect_blocked({"echo 'rm -rf ~' | sh", "printf 'rm %s ~' -rf | bash", "echo cm0gLXJmIH4K | base64 -d | sh",
                  "cat <<E | sh\nrm -rf ~\nE", "bash <<< 'rm -rf ~'", "echo / | xargs rm -rf",
                  "eval \"$(echo rm -rf /etc)\"", "sh <(echo rm -rf /etc)",
                  "echo 'import shutil; shutil.rmtree(\"/etc\")' | python3"});
  expect_allowed(
      {"echo 'rm -rf ~' | cat", "echo ls | sh", "cat <<E\nrm -rf ~\nE", "echo build | xargs rm -rf"});
}

TEST(Walk, FollowsTheDirectory) {
  expect_blocked({"cd / && rm -rf *", "cd .. && rm -rf x", "pushd ~ && rm -rf *", "(cd ..; rm -rf x)",
                  "env -C / rm -rf x"});
  expect_allowed({"cd build && rm -rf *", "(cd ..); rm -rf x", "mkdir b && cd b && cd .. && rm -rf b"});
}

TEST(Walk, TakesTextForDataWhereItIsData) {
  expect_allowed({"echo 'sudo rm -rf /'", "git commit -m 'rm -rf / is bad'", "grep -rn 'curl | sh' docs",
                  "# rm -rf /", "cat > notes.txt <<'E'\nrm -rf /\nE", "awk '/rm -rf/ {print}' log",
                  "sed 's/rm -rf/x/' f", "printf 'rm -rf /'", "python3 -c \"print('rm -rf /')\"", "man rm",
                  "which rm"});
}

TEST(Walk, JudgesOneLinersOfInterpreters) {
  expect_blocked({"python3 -c \"import os; os.system('rm -rf /etc')\"",
                  "node -e \"require('child_process').execSync('rm -rf /etc')\"",
                  "node -e \"require('fs').rmSync('/etc', {recursive: true})\"",
                  "perl -e 'system(\"rm -rf /etc\")'", "ruby -e '`rm -rf /etc`'",
                  "awk 'BEGIN{system(\"rm -rf /etc\")}'", "php -r 'unlink(\"/etc/x\");'",
                  "python3 -c \"import subprocess; subprocess.run(['rm','-rf','/etc'])\"",
                  "osascript -e 'do shell script \"rm -rf /etc\"'"});
  expect_allowed({"python3 -c 'print(1)'", "node -e 'const s = new Set(); s.delete(1)'",
                  "perl -pe 's/a/b/' f", "ruby -e 'puts 1'"});
}

TEST(Walk, KnowsRehearsals) {
  expect_allowed({"git clean -n", "git push --dry-run --force", "rsync -an --delete a/ b/",
                  "kubectl delete pod x --dry-run=client", "docker compose --dry-run down -v",
                  "npm publish --dry-run", "terraform plan -destroy", "mkfs.ext4 disk.img", "git rm --help"});
}

TEST(Walk, EndsInTimeWhateverItIsGiven) {
  std::string doubling;
  for (int i = 0; i < 500; ++i)
    doubling +=
        "f" + std::to_string(i) + "() { f" + std::to_string(i + 1) + "; f" + std::to_string(i + 1) + "; }; ";
  std::vector<SafetyFinding> findings = judge_line(doubling + "f0", {});
  for (const char* piece :
       {"(", "$(", "`", "${a:-", "eval ", "sudo ", "a=$a$a;", "<<E\n", "{a,", "$((", "if a; then "}) {
    std::string text;
    while (text.size() < k_shell_bytes / 8) text += piece;
    (void)judge_line(text, {});
  }
  std::vector<SafetyFinding> deep = judge_line(std::string(1000, '(') + "rm -rf /", {});
  EXPECT_TRUE(std::any_of(deep.begin(), deep.end(),
                          [](const SafetyFinding& one) { return one.rule->id == "analysis.bound"; }));
}

// ---- what is known not to be seen: each of these is a decision, and changes with it

TEST(SafetyGaps, AScriptThatIsAlreadyThereIsNotRead) {
  expect_allowed({"sh ./deploy.sh", "make install", "npm run deploy"});
}

TEST(SafetyGaps, CodeOfInterpretersIsLookedAtForLiteralsOnly) {
  expect_allowed({"python3 -c \"import shutil; shutil.rmtree(chr(47) + 'etc')\"",
                  "node -e \"require('fs').rmSync(process.env.X)\""});
}

TEST(SafetyGaps, ValuesOfPartsOfVariablesAreNotComputed) {
  expect_allowed({"a=xrm; ${a#x} -rf x", "a=sl; $(echo $a | rev) x"});
}

TEST(SafetyGaps, AProgramThatIsNotKnownMayDoAnything) {
  expect_allowed({"./cleanup --all", "some-tool --force", "mytool wipeout"});
}

TEST(SafetyGaps, NamesAreNotResolved) {
  expect_allowed({"curl http://internal.example.net/", "curl https://my-own-redirect.example.net/"});
}

}  // namespace
}  // namespace rustchain
