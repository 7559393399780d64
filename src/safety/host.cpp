// The machine itself: processes, services, schedules; and the databases that run on it.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

// Without them the machine, or what is seen of it, stops working.
constexpr std::string_view k_machine_processes =
    "systemd systemd-logind systemd-journald init launchd dbus-daemon networkmanager sshd cron crond "
    "rsyslogd "
    "auditd firewalld dockerd containerd kubelet udevd xorg gdm gdm3 lightdm sddm gnome-shell plasmashell "
    "finder dock windowserver loginwindow explorer.exe winlogon.exe lsass.exe csrss.exe svchost.exe "
    "services.exe";

std::string upper(std::string_view text) {
  std::string all(text);
  for (char& c : all)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return all;
}

// One statement, upper case, its texts taken away, blanks single.
std::string bare_statement(std::string_view sql) {
  std::string bare;
  char quote = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    char c = sql[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
      continue;
    }
    if (c == '\'') {
      quote = c;
      continue;
    }
    if (c == '-' && i + 1 < sql.size() && sql[i + 1] == '-') {
      while (i < sql.size() && sql[i] != '\n') ++i;
      continue;
    }
    if (c == '\n' || c == '\t' || c == '\r' || c == '"' || c == '`' || c == '(' || c == ')') c = ' ';
    if (c == ' ' && (bare.empty() || bare.back() == ' ')) continue;
    bare += c;
  }
  return upper(bare);
}

// The beginning of a line that has the database's client start a program; 0: it's another one.
std::size_t length_of_shell_escape(std::string_view line) {
  for (std::string_view start : {"\\!", ".shell ", ".system "})
    if (line.starts_with(start)) return start.size();
  // \g |program, \o |program
  for (std::string_view start : {"\\g ", "\\gx ", "\\o ", "\\out ", "\\w ", ".once ", ".output "})
    if (line.starts_with(start)) {
      const std::size_t at = line.find_first_not_of(' ', start.size());
      return at != std::string_view::npos && line[at] == '|' ? at + 1 : 0;
    }
  return 0;
}

// What a semicolon ends that isn't in a text or a comment; a line of psql's own ends itself.
std::vector<std::string_view> statements_of(std::string_view sql) {
  std::vector<std::string_view> all;
  std::size_t begin = 0;
  char first = '\0';  // of the statement, blanks aside
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (first == '\0' && std::string_view(" \t\r\n").find(sql[i]) == std::string_view::npos) first = sql[i];
    if (sql[i] == '\'' && sql.find('\'', i + 1) != std::string_view::npos) i = sql.find('\'', i + 1);
    if (sql.substr(i).starts_with("--")) i = std::min(sql.find('\n', i), sql.size() - 1);
    const bool own = sql[i] == '\n' && first == '\\';
    if (sql[i] != ';' && !own) continue;
    all.push_back(sql.substr(begin, i - begin));
    begin = i + 1;
    first = '\0';
  }
  all.push_back(sql.substr(std::min(begin, sql.size())));
  return all;
}

bool destroys(std::string_view sql) {
  for (std::string_view statement : statements_of(sql)) {
    const std::string bare(trim(bare_statement(statement)));
    if (bare.starts_with("EXPLAIN ") && bare.find(" ANALYZE") == std::string::npos) continue;
    if (bare.starts_with("RESET MASTER") || bare.starts_with("PURGE BINARY ") ||
        bare.find("PG_TERMINATE_BACKEND") != std::string::npos ||
        bare.find("PG_DROP_REPLICATION_SLOT") != std::string::npos)
      return true;
    if (bare.starts_with("DROP ") || bare.starts_with("TRUNCATE ") || bare == "TRUNCATE") return true;
    if (bare.find("DROP DATABASE") != std::string::npos || bare.find("DROP TABLE") != std::string::npos ||
        bare.find("DROP SCHEMA") != std::string::npos)
      return true;
    if ((bare.starts_with("DELETE FROM") || bare.find(" DELETE FROM ") != std::string::npos) &&
        bare.find(" WHERE ") == std::string::npos)
      return true;
    if (bare.starts_with("DELETE FROM") &&
        (bare.ends_with("WHERE 1=1") || bare.ends_with("WHERE TRUE") || bare.ends_with("WHERE 1 = 1")))
      return true;
    if (bare.starts_with("UPDATE ") && bare.find(" SET ") != std::string::npos &&
        bare.find(" WHERE ") == std::string::npos)
      return true;
    if (bare.starts_with("ALTER TABLE ") && (bare.find(" DROP COLUMN ") != std::string::npos ||
                                             bare.find(" DROP PARTITION ") != std::string::npos))
      return true;
    if (bare.starts_with("\\!")) return true;
  }
  return false;
}

// Who may do what, for all or for good.
bool changes_access(std::string_view sql) {
  for (std::string_view statement : split(sql, ';')) {
    const std::string bare(trim(bare_statement(statement)));
    if (bare.starts_with("REVOKE ")) return true;
    if (bare.starts_with("GRANT ALL") && (bare.find("*.*") != std::string::npos || bare.ends_with(" PUBLIC")))
      return true;
    const bool alters = bare.starts_with("ALTER USER ") || bare.starts_with("ALTER ROLE ");
    const bool creates = bare.starts_with("CREATE USER ") || bare.starts_with("CREATE ROLE ");
    if ((alters || creates) && bare.find(" SUPERUSER") != std::string::npos) return true;
    if (alters &&
        (bare.find("PASSWORD") != std::string::npos || bare.find("IDENTIFIED") != std::string::npos))
      return true;
  }
  return false;
}

bool destroys_documents(std::string_view code) {
  std::string bare;
  for (char c : without_literals(code))
    if (c != ' ' && c != '\n' && c != '\t') bare += c;
  for (std::string_view call : {"dropDatabase", ".drop(", "{drop:", "deleteMany({})", ".remove({})",
                                "dropIndexes", "dropUser", "dropAllUsers", "shutdownServer", "{shutdown:"})
    if (bare.find(call) != std::string::npos) return true;
  return false;
}

struct RedisCommand {
  std::string_view word, next;  // `next`: any, where it is empty
};
constexpr RedisCommand k_redis[] = {{"FLUSHALL", ""},     {"FLUSHDB", ""},       {"SHUTDOWN", ""},
                                    {"SWAPDB", ""},       {"FAILOVER", ""},      {"SLAVEOF", ""},
                                    {"REPLICAOF", ""},    {"CONFIG", "SET"},     {"CONFIG", "REWRITE"},
                                    {"SCRIPT", "FLUSH"},  {"FUNCTION", "FLUSH"}, {"DEBUG", "SEGFAULT"},
                                    {"CLUSTER", "RESET"}, {"CLUSTER", "FORGET"}, {"ACL", "DELUSER"},
                                    {"ACL", "SETUSER"},   {"MODULE", "LOAD"},    {"MODULE", "UNLOAD"}};

// One command of redis, upper case.
bool redis_destroys(const std::vector<std::string>& said) {
  if (said.empty()) return false;
  for (const RedisCommand& command : k_redis)
    if (said[0] == command.word && (command.next.empty() || (said.size() > 1 && said[1] == command.next)))
      return said.size() < 2 || said[1] != "NO";  // SLAVEOF NO ONE
  if (said[0] == "EVAL" && said.size() > 1 && said[1].find("FLUSH") != std::string::npos) return true;
  // Whatever keys another program has listed.
  if (said[0] == "DEL" || said[0] == "UNLINK")
    for (const std::string& key : said)
      if (key.find(k_fed) != std::string::npos) return true;
  return false;
}

}  // namespace

Stream run_kill(Walk& walk, const Arguments& argv, const Stream&) {
  const std::string name = program_name(argv[0].text);
  if (name == "killall5") {
    walk.find("proc.kill_all", argv[0].at, name);
    return {};
  }
  bool signal = false, list = false;
  std::vector<std::string> targets;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (word == "-l" || word == "-L" || word == "--help" || word == "-0") list = true;
    if (word == "-s" || word == "-n" || word == "--signal" || word == "-u" || word == "--user" ||
        word == "-U") {
      if (name != "kill") targets.push_back("-u");
      ++i;
      signal = true;
      continue;
    }
    if (word == "--") continue;
    if (!signal && word.size() > 1 && word[0] == '-' && i == 1 && argv.size() > 2) {
      signal = true;
      continue;
    }
    targets.push_back(word);
  }
  if (list) return {};
  for (const std::string& target : targets) {
    const bool all = name == "kill" ? target == "-1" || target == "1"
                                    : target == "." || target == ".*" || target == "-u" || target == "-v" ||
                                          target.empty();
    if (all || (name == "taskkill" && target == "/im" && targets.back() == "*"))
      walk.find("proc.kill_all", argv[0].at, name + " " + target);
    if (name != "kill" && has_word(k_machine_processes, to_lower(target)))
      walk.find("host.service", argv[0].at, name + " " + target);
  }
  return {};
}

Stream run_service(Walk& walk, const Arguments& argv, const Stream&) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(
      argv, 1, {"HMtpno", "host machine type property signal kill-who job-mode", false, false});
  if (own.operands.empty()) {
    return {std::string(1, k_unknown)};
  }
  const bool user = own.has("", "user");
  for (const Argument& operand : own.operands) {
    const std::string verb = to_lower(operand.text);
    if (has_word(
            "poweroff reboot halt suspend hibernate kexec emergency rescue isolate soft-reboot hybrid-sleep",
            verb))
      walk.find("host.power", operand.at, name + " " + verb);
    if (has_word("stop restart disable mask kill unload bootout remove delete try-restart condrestart "
                 "force-reload off",
                 verb) ||
        (has_word("enable start", verb) && false) ||
        (name == "sc" && (verb == "delete" || verb == "stop" || verb == "config")))
      walk.find(user ? "host.user_service" : "host.service", operand.at, name + " " + verb);
    if (has_word("enable load bootstrap link edit set-default daemon-reexec", verb))
      walk.find(user ? "host.user_service" : "host.service", operand.at, name + " " + verb);
  }
  return {std::string(1, k_unknown)};
}

// crontab, at, batch: what is to run later.
Stream run_schedule(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  Parsed own = parse_arguments(argv, 1, {"uftqc", "", false, false});
  if (name == "crontab") {
    if (own.has("r"))
      walk.find("host.schedule", argv[0].at, "crontab -r");
    else if (!own.has("l") && (!own.operands.empty() || own.has("e") || input.attached))
      walk.find("host.schedule", argv[0].at, "crontab");
    return {std::string(1, k_unknown)};
  }
  if (name == "schtasks") {
    for (const Argument& operand : own.operands)
      if (has_word("/create /delete /change /run", to_lower(operand.text)))
        walk.find("host.schedule", operand.at, operand.text);
    return {};
  }
  if (own.has("lV", "list")) return {};
  walk.find("host.schedule", argv[0].at, name);
  if (input.attached && !has_mark(input.text)) (void)walk.run_text(input.text, argv[0].at, {"", true, false});
  return {};
}

// psql, mysql, sqlite3, mongosh, redis-cli and their kin: what they are told.
Stream run_database(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  Stream unknown{std::string(1, k_unknown)};
  if (has_word("redis-cli valkey-cli keydb-cli iredis", name)) {
    Parsed own =
        parse_arguments(argv, 1, {"hpsanuirdD", "user pass sni cacert cert key eval pattern", false, true});
    std::vector<std::vector<std::string>> all(1);
    for (std::size_t i = own.first_operand; i < argv.size(); ++i) all[0].push_back(upper(argv[i].text));
    if (all[0].empty())
      for (std::string_view line : split(input.text, '\n')) {
        all.emplace_back();
        for (std::string_view word : words(line)) all.back().push_back(upper(word));
      }
    for (const std::vector<std::string>& said : all)
      if (redis_destroys(said)) walk.find("db.destroy", argv[0].at, join(said, " "));
    return unknown;
  }
  if (name == "mongo" || name == "mongosh") {
    Parsed own = parse_arguments(
        argv, 1, {"up", "eval host port username password authenticationDatabase", false, false});
    const std::string code = own.value("", "eval") + " " + (input.attached ? input.text : "");
    if (destroys_documents(code)) walk.find("db.destroy", argv[0].at, code);
    return unknown;
  }
  if (has_word("dropdb dropuser", name)) {
    if (argv.size() > 1 && argv[1].text != "--help" && argv[1].text != "--version")
      walk.find("db.destroy", argv[0].at, name);
    return unknown;
  }
  if (name == "mysqladmin" || name == "mariadb-admin") {
    Parsed own = parse_arguments(argv, 1, {"uhPS", "user host port socket", false, false});
    for (const Argument& operand : own.operands)
      if (has_word("drop shutdown kill flush-logs stop-slave", operand.text))
        walk.find("db.destroy", operand.at, name + " " + operand.text);
    return unknown;
  }
  if (name == "pg_restore" || name == "pg_ctl" || name == "pg_dropcluster") {
    Parsed own = parse_arguments(argv, 1, {"dDhpUfFjnt", "dbname host port username", false, false});
    if (own.has("c", "clean") && name == "pg_restore")
      walk.find("db.destroy", argv[0].at, "pg_restore --clean");
    if (name == "pg_dropcluster") walk.find("db.destroy", argv[0].at, name);
    for (const Argument& operand : own.operands)
      if (name == "pg_ctl" && operand.text == "stop") walk.find("host.service", operand.at, "pg_ctl stop");
    return unknown;
  }
  std::string text;
  ShellSpan at = argv[0].at;
  const bool sqlite = has_word("sqlite3 sqlite duckdb litecli", name);
  const std::string_view letters = sqlite                              ? "ec"
                                   : has_word("psql pgcli usql", name) ? "cdfhpUvFRTo"
                                   : has_word("sqlcmd isql", name)     ? "QqSUPdio"
                                                                       : "ehuPDSq";
  Parsed own = parse_arguments(argv, 1,
                               {letters,
                                sqlite ? "cmd init separator e c"
                                       : "command execute query dbname file host port username user password "
                                         "database set variable output statement",
                                sqlite || name == "influx", false});
  for (const GivenOption& option : own.options) {
    if (!option.value) continue;
    if (has_word("c e q Q command execute query statement cmd", option.name)) {
      text += *option.value + ";";
      at = option.at;
    }
    if ((option.name == "f" || option.name == "file")) {
      auto known = walk.written().find(walk.place(*option.value).path);
      if (known != walk.written().end()) text += known->second + ";";
    }
  }
  if (sqlite && !own.operands.empty()) walk.read(own.operands[0]);
  if (sqlite && own.operands.size() > 1) text += own.operands[1].text + ";";
  if (has_word("bq cqlsh clickhouse-client clickhouse snowsql trino presto athena spark-sql", name))
    for (const Argument& operand : own.operands)
      if (operand.text.find(' ') != std::string::npos) text += operand.text + ";";
  if (input.attached) text += input.text;
  if (destroys(text)) walk.find("db.destroy", at, text);
  if (changes_access(text)) walk.find("infra.access", at, text);
  // COPY ... PROGRAM 'command': the server runs it, as the server's own user.
  if (upper(text).find(" PROGRAM ") != std::string::npos && upper(text).find("COPY ") != std::string::npos)
    walk.find("privilege.escalate", at, text);
  if (has_mark(text, k_tainted)) walk.find("taint.code", at, text);
  for (std::string_view part : split(text, ';'))
    for (std::string_view line : split(part, '\n'))
      if (const std::size_t skip = length_of_shell_escape(trim(line)); skip > 0)
        (void)walk.run_text(trim(line).substr(skip), at, {"", true, false});
  return unknown;
}

}  // namespace rustchain
