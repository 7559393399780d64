// Programs that do what their sub-commands say: by the table of verbs, and for clouds and what isn't known by
// verbs that mean destruction everywhere.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "safety/tables.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <span>

namespace rustchain {
namespace {

// Verbs that destroy whatever program they are said to.
constexpr std::string_view k_strong =
    "delete destroy purge terminate erase wipe nuke decommission deregister unregister obliterate delete-all "
    "destroy-all del drop "
    "rdelete deletefile undeploy teardown tear-down hard-delete force-delete";
constexpr std::string_view k_strong_beginnings[] = {"delete-",      "destroy-", "purge-",   "terminate-",
                                                    "deregister-",  "delete_",  "destroy_", "purge_",
                                                    "batch-delete", "drop-",    "drop_",    "delete:"};
constexpr std::string_view k_strong_ends[] = {":delete",  ":destroy", ":purge",  ":drop", "-delete",
                                              "-destroy", "_delete",  ":remove", ":wipe"};
// Verbs that do where what they are said to is a service far away.
constexpr std::string_view k_weak =
    "rm rmi rb remove revoke disable archive reset rollback clear unset forget deactivate uninstall flush "
    "cancel prune truncate detach unlink";
constexpr std::string_view k_weak_beginnings[] = {"remove-", "revoke-", "disable-", "reset-",  "clear-",
                                                  "remove_", "clear_",  "detach-",  "cancel-", "release-"};
constexpr std::string_view k_services[] = {
    "aws az gcloud gh glab heroku fly flyctl vercel vc now netlify wrangler fastly firebase supabase doctl "
    "linode-cli vultr-cli hcloud scw oci ibmcloud aliyun "
    "tccli exo civo openstack nova neutron cinder glance cf vault op doppler infisical stripe square pd "
    "datadog-ci newrelic splunk ldcli flipt unleash split "
    "circleci travis buildkite-agent drone rabbitmqctl rabbitmqadmin nats rpk pulsar-admin mc algolia "
    "apigeecli velero argocd flux istioctl eksctl kops "
    "sentry-cli auth0 okta twilio sendgrid cloudflared pscale neonctl neon turso atlas mongocli confluent "
    "ccloud databricks snow snowsql influx meilisearch "
    "typesense temporal tctl airflow dbt prefect dagster jenkins-cli jenkins-cli.jar cfcli akamai bunny "
    "ovhcloud render railway koyeb northflank gitea tea jira "
    "linear shopify hasura appwrite pocketbase cosmosdb esxcli govc virsh proxmox pct qm lxc incus rados "
    "ceph rbd gluster minio-client conjur akeyless teleport tsh tctl "
    "step boundary packer waypoint linkerd kubectl helm twurl slack zendesk intercom grafana-cli promtool "
    "kong deck consul nomad etcdctl zkcli harbor snyk"};
// Programs whose words are data, or whose removing concerns the project alone.
constexpr std::string_view k_local[] = {
    "npm pnpm yarn bun pip pip3 pipx poetry pipenv uv conda mamba cargo rustup go gem bundle composer mvn "
    "gradle dotnet nuget brew port nvm pyenv rbenv asdf mise "
    "stack cabal opam mix rebar3 pub dart flutter swift pod carthage make gmake cmake ninja meson bazel just "
    "task test man info help which whereis type tldr "
    "apropos expect less vi vim nano emacs code ls ll dir tree stat file du df ps top htop free uptime w who "
    "id groups env export set pytest jest vitest mocha rspec "
    "phpunit tox nox eslint prettier black ruff mypy flake8 tsc webpack vite rollup babel rg grep awk sed "
    "echo printf cat say logger wall notify-send xdg-open open "
    "espeak figlet cowsay fortune banner dialog whiptail zenity rails rake artisan django-admin manage.py "
    "adb fastboot tmux screen svn hg bzr fossil p4 dvc "
    "apt apt-get dnf yum zypper pacman apk snap flatpak systemctl ip route ifconfig nmcli xdotool ffmpeg "
    "convert magick agitation digit format"};

bool word_matches(std::string_view pattern, std::string_view word) {
  if (pattern == "*") return true;
  const bool front = pattern.starts_with('*'), back = pattern.size() > 1 && pattern.ends_with('*');
  std::string_view bare = pattern;
  if (front) bare.remove_prefix(1);
  if (back) bare.remove_suffix(1);
  if (front && back) return word.find(bare) != std::string_view::npos;
  if (front) return word.ends_with(bare) && word.size() > bare.size();
  if (back) return word.starts_with(bare);
  return word == pattern;
}

// The words that may be sub-commands. One that follows an option may be the option's value: it counts only
// before the first that doesn't.
struct Word {
  std::string text;
  bool sure = true;
};

std::vector<Word> sub_commands(const Arguments& argv) {
  std::vector<Word> all;
  bool after_option = false, sure_seen = false;
  for (std::size_t i = 1; i < argv.size() && all.size() < 8; ++i) {
    const std::string& word = argv[i].text;
    if (word == "--") break;
    if (word.size() > 1 && word[0] == '-') {
      after_option = word.find('=') == std::string::npos;
      continue;
    }
    if (after_option && sure_seen) {
      after_option = false;
      continue;
    }
    all.push_back({word, !after_option});
    sure_seen = sure_seen || !after_option;
    after_option = false;
  }
  return all;
}

// The first word of a pattern, which is taken off.
std::string_view next_word(std::string_view& pattern) {
  const std::size_t end = std::min(pattern.find(' '), pattern.size());
  const std::string_view word = pattern.substr(0, end);
  pattern.remove_prefix(std::min(end + 1, pattern.size()));
  return word;
}

bool pattern_matches(std::string_view pattern, std::span<const Word> given, int& steps) {
  if (++steps > 400) return false;
  if (pattern.empty()) return true;
  std::string_view rest = pattern;
  const std::string_view word = next_word(rest);
  if (word == "...") {
    std::string_view after = rest;
    const std::string_view first = next_word(after);
    if (first.empty()) return true;
    for (std::size_t skip = 0; skip < given.size(); ++skip)
      if (word_matches(first, given[skip].text) && pattern_matches(after, given.subspan(skip + 1), steps))
        return true;
    return false;
  }
  if (given.empty()) return false;
  if (word_matches(word, given[0].text) && pattern_matches(rest, given.subspan(1), steps)) return true;
  return !given[0].sure && pattern_matches(pattern, given.subspan(1), steps);
}

bool verbs_match(std::string_view verbs, const std::vector<Word>& given) {
  if (verbs.empty()) return true;
  for (std::size_t at = 0; at <= verbs.size();) {
    const std::size_t end = std::min(verbs.find('|', at), verbs.size());
    int steps = 0;
    if (pattern_matches(verbs.substr(at, end - at), given, steps)) return true;
    at = end + 1;
  }
  return false;
}

// -xdf: letters, and not a word such as -Force.
bool is_bundle(std::string_view word) {
  if (word.size() < 3 || word.size() > 6 || word[0] != '-' || word[1] == '-') return false;
  const bool upper = word[1] >= 'A' && word[1] <= 'Z';
  return !upper || word.size() < 5 || word.substr(2) != to_lower(word.substr(2));
}

bool has_option(const Arguments& argv, std::string_view option) {
  std::size_t equals = option.find('=');
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (word == option || (equals == std::string_view::npos && word_matches(option, word))) return true;
    if (equals != std::string_view::npos) {
      // -X=DELETE: the option and its value, however they are written.
      std::string_view name = option.substr(0, equals), value = option.substr(equals + 1);
      if (word == name && i + 1 < argv.size() && word_matches(value, argv[i + 1].text)) return true;
      if (!word.starts_with(name)) continue;
      std::string_view rest = std::string_view(word).substr(name.size());
      if (rest.starts_with('=')) rest.remove_prefix(1);
      if (!rest.empty() && word_matches(value, rest)) return true;
      continue;
    }
    if (is_bundle(word) && option.size() == 2 && option[0] == '-' && option[1] != '-' &&
        word.find(option[1], 1) != std::string::npos)
      return true;
    if (option.starts_with("--") && word.starts_with(option) && word.size() > option.size() &&
        word[option.size()] == '=' && !word.ends_with("=false"))
      return true;
  }
  return false;
}

bool options_match(std::string_view options, const Arguments& argv) {
  bool wanted = false, found = false;
  while (!options.empty()) {
    const std::string_view option = next_word(options);
    if (option[0] == '!') {
      if (has_option(argv, option.substr(1))) return false;
      continue;
    }
    wanted = true;
    found = found || has_option(argv, option);
  }
  return !wanted || found;
}

bool is_service(std::string_view program) {
  static constexpr auto index = index_words<count_words(k_services)>(k_services);
  return !find_word(index, program).empty();
}
bool is_local(std::string_view program) {
  static constexpr auto index = index_words<count_words(k_local)>(k_local);
  return !find_word(index, program).empty();
}

// aws s3 cp KEY s3://...: a file of keys to a store far away.
void judge_uploads(Walk& walk, std::string_view program, const Arguments& argv) {
  if (!has_word("aws gsutil gcloud az azcopy rclone mc mcli s3cmd s5cmd b2 doctl oci", program)) return;
  bool copies = false;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    copies = copies || has_word("cp copy copyto sync move mv put upload upload-batch rsync put-object", word);
    if (copies && word.find_first_of("/.~") != std::string::npos && word.find(':') == std::string::npos &&
        is_secret(walk.place(word)))
      walk.find("net.exfiltrate", argv[i].at, word);
  }
}

template <std::size_t N>
bool begins_with_any(std::string_view word, const std::string_view (&list)[N]) {
  return std::any_of(std::begin(list), std::end(list),
                     [&](std::string_view one) { return word.starts_with(one); });
}

}  // namespace

bool only_looks(const std::string& program, const Arguments& argv) {
  // What a search or an explanation is given is text.
  if (argv.size() > 1 && has_word("search explain", argv[1].text)) return true;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (i == 1 && (word == "help" || word == "version")) return true;
    if (word.size() < 2 || word[0] != '-') continue;
    if (word == "--") break;
    if (word == "--version" && (i == 1 || i + 1 == argv.size())) return true;
    if (word.size() > 3 &&
        has_word("--help --dry-run --dryrun --dry_run --what-if --whatif -whatif -WhatIf --simulate --noop "
                 "--no-act -help --just-print",
                 word))
      return true;
    if (word.starts_with("--dry-run=") && !word.ends_with("=none") && !word.ends_with("=false")) return true;
    if (word == "-h" && i + 1 == argv.size() && program != "halt" && program != "shutdown") return true;
    if (i == 1 && (word == "-version" || word == "-v" || word == "-V")) return true;
  }
  return argv.size() > 1 && argv.back().text == "help";
}

void judge_verbs(Walk& walk, const std::string& given_name, const Arguments& given_argv) {
  // Most programs: nothing that they are told is a verb.
  if (is_local(given_name) && verb_rows_of(given_name).empty() && !is_service(given_name) &&
      given_name != "bundle")
    return;
  std::string program = given_name;
  Arguments argv = given_argv;
  // java -jar X.jar sub-command; python -m X sub-command: what is run is X.
  if (program == "java" || program.starts_with("python"))
    for (std::size_t i = 1; i + 1 < argv.size(); ++i)
      if (argv[i].text == "-jar" || (argv[i].text == "-m" && program != "java")) {
        argv.erase(argv.begin(), argv.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        program = program_name(argv[0].text);
        break;
      }
  // bin/rails, php artisan, ./manage.py
  if (program.starts_with("python") && argv.size() > 1 &&
      has_word("manage.py setup.py", program_name(argv[1].text))) {
    argv.erase(argv.begin());
    program = program_name(argv[0].text);
  }
  // /etc/init.d/NAME VERB
  if (argv[0].text.starts_with("/etc/init.d/") || argv[0].text.starts_with("/etc/rc.d/")) {
    argv.insert(argv.begin(), {"service", argv[0].at});
    (void)run_service(walk, argv, {});
    return;
  }
  if ((program == "php" || program == "ruby" || program == "bundle" || program == "npx") && argv.size() > 1 &&
      has_word("artisan rails rake prisma knex sequelize sequelize-cli typeorm drizzle-kit",
               program_name(argv[1].text))) {
    argv.erase(argv.begin());
    program = program_name(argv[0].text);
  }
  if (only_looks(program, argv)) return;
  // account.delete(1): a line of some console.
  for (std::string_view call : {".delete", ".destroy", ".cancel", ".delete_all", ".destroy_all", ".drop"})
    if (program.ends_with(call) && program.size() > call.size() &&
        argv[0].text.find('/') == std::string::npos)
      return walk.find("infra.destroy", argv[0].at, program);
  judge_uploads(walk, program, argv);
  std::vector<Word> given = sub_commands(argv);
  bool known = false;
  for (const IndexedWord& named : verb_rows_of(program)) {
    const VerbRow* row = &verb_rows()[named.row];
    if (walk.is_off(row) || !verbs_match(row->verbs, given) || !options_match(row->options, argv)) continue;
    std::string_view rule = row->rule;
    if (rule.empty()) return;
    if (rule == "host.service.signal") {
      bool ends = false;
      for (const Argument& word : argv) ends = ends || has_word("stop quit graceful-stop", word.text);
      if (!ends) continue;
      rule = "host.service";
    }
    std::string shown = program;
    for (const Word& word : given) shown += " " + word.text;
    walk.find(rule, argv[0].at, shown);
    known = true;
    break;
  }
  if (known || given.empty()) return;
  const bool service = is_service(program);
  if (!service) {
    if (argv[0].text.find('/') != std::string::npos || is_local(program) ||
        find_program_function(program) != nullptr) {
      if (!has_word("docker podman kubectl oc", program)) return;
    }
    // A script of the project says what it likes.
    if (program.ends_with(".sh") || program.ends_with(".py") || program.ends_with(".js")) return;
  }
  for (std::size_t i = 0; i < given.size() && i < 5; ++i) {
    const std::string word = to_lower(given[i].text);
    bool ends = false;
    for (std::string_view end : k_strong_ends) ends = ends || word.ends_with(end);
    bool found = has_word(k_strong, word) || begins_with_any(word, k_strong_beginnings) || ends;
    if (!found && service) found = has_word(k_weak, word) || begins_with_any(word, k_weak_beginnings);
    if (!found) continue;
    // `tool list drop`: the verb came before.
    if (i > 0 &&
        has_word("list ls get show describe search find view cat info help create add new read inspect query",
                 given[i - 1].text))
      continue;
    walk.find("infra.destroy", argv[0].at, program + " " + word);
    return;
  }
}

}  // namespace rustchain
