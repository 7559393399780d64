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
constexpr std::string_view k_strong[] = {
    "delete destroy purge terminate erase wipe nuke decommission deregister unregister obliterate delete-all "
    "destroy-all del drop "
    "rdelete deletefile undeploy teardown tear-down hard-delete force-delete"};
constexpr std::string_view k_strong_beginnings[] = {"delete-",      "destroy-", "purge-",   "terminate-",
                                                    "deregister-",  "delete_",  "destroy_", "purge_",
                                                    "batch-delete", "drop-",    "drop_",    "delete:"};
constexpr std::string_view k_strong_ends[] = {":delete",  ":destroy", ":purge",  ":drop", "-delete",
                                              "-destroy", "_delete",  ":remove", ":wipe"};
// Verbs that do where what they are said to is a service far away.
constexpr std::string_view k_weak[] = {
    "rm rmi rb remove revoke disable archive reset rollback clear unset forget deactivate uninstall flush "
    "cancel prune truncate detach unlink"};
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

// Programs that take files to a store far away.
constexpr std::string_view k_stores[] = {
    "aws gsutil gcloud az azcopy rclone mc mcli s3cmd s5cmd b2 doctl oci"};
constexpr std::string_view k_uploads[] = {
    "cp copy copyto sync move mv put upload upload-batch rsync put-object"};
// Options with which a program only tells what it would do.
constexpr std::string_view k_looks[] = {
    "--help --dry-run --dryrun --dry_run --what-if --whatif -whatif -WhatIf --simulate --noop --no-act -help "
    "--just-print"};

// aws s3 cp KEY s3://...: a file of keys to a store far away.
void judge_uploads(Walk& walk, std::string_view program, std::span<const Argument> argv) {
  if (!is_in<k_stores>(program)) return;
  bool copies = false;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    copies = copies || is_in<k_uploads>(word);
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

// Whether a word destroys by what it says. `service`: said to one far away.
bool is_destructive(std::string_view word, bool service) {
  if (is_in<k_strong>(word) || (service && is_in<k_weak>(word))) return true;
  if (word.find_first_of("-_:") == std::string_view::npos) return false;
  return begins_with_any(word, k_strong_beginnings) ||
         (service && begins_with_any(word, k_weak_beginnings)) ||
         std::any_of(std::begin(k_strong_ends), std::end(k_strong_ends),
                     [&](std::string_view end) { return word.ends_with(end); });
}

// X.delete: a line of some console.
bool is_destructive_call(std::string_view program) {
  if (program.find('.') == std::string_view::npos) return false;
  for (std::string_view call : {".delete", ".destroy", ".cancel", ".delete_all", ".destroy_all", ".drop"})
    if (program.ends_with(call) && program.size() > call.size()) return true;
  return false;
}

// java -jar X.jar delete, python -m X delete, php artisan db:wipe: what is run is the program named there.
std::span<const Argument> named_program(std::string& program, std::span<const Argument> argv) {
  auto go_to = [&](std::size_t at) {
    argv = argv.subspan(at);
    program = program_name(argv[0].text);
  };
  const bool python = program.starts_with("python");
  if (python || program == "java")
    for (std::size_t i = 1; i + 1 < argv.size(); ++i)
      if (argv[i].text == "-jar" || (argv[i].text == "-m" && python)) {
        go_to(i + 1);
        break;
      }
  if (argv.size() < 2) return argv;
  const std::string_view scripts =
      program.starts_with("python") ? "manage.py setup.py"
      : has_word("php ruby bundle npx", program)
          ? "artisan rails rake prisma knex sequelize sequelize-cli typeorm drizzle-kit"
          : "";
  if (!scripts.empty() && has_word(scripts, program_name(argv[1].text))) go_to(1);
  return argv;
}

// By the table of verbs. True: a row speaks of it, if only to say that it's harmless.
bool judge_by_table(Walk& walk, const std::string& program, std::span<const Argument> argv,
                    std::span<const SubCommand> given) {
  for (const IndexedWord& named : verb_rows_of(program)) {
    const VerbRow* row = &verb_rows()[named.row];
    if (walk.is_off(row) || !verbs_fit(row->verbs, pattern_of(*row), given) ||
        !options_fit(row->options, argv))
      continue;
    std::string_view rule = row->rule;
    if (rule.empty()) return true;
    if (rule == "host.service.signal") {
      bool ends = false;
      for (const Argument& word : argv) ends = ends || has_word("stop quit graceful-stop", word.text);
      if (!ends) continue;
      rule = "host.service";
    }
    std::string shown = program;
    for (const SubCommand& word : given) shown.append(" ").append(word.text);
    walk.find(rule, argv[0].at, shown);
    return true;
  }
  return false;
}

// `describe delete-me`: what is looked at is a name, whatever it says. Only a word alone may be a verb yet.
void blank_names(std::vector<SubCommand>& given) {
  bool looks = false;
  for (SubCommand& word : given) {
    if (looks && word.text.find_first_of("-_.@/") != std::string_view::npos &&
        is_destructive(to_lower(word.text), true))
      word.text = "name";
    looks = looks || has_word("describe show view get", word.text);
  }
}

// A program that no row knows: by verbs that destroy wherever they are said.
void judge_by_words(Walk& walk, const std::string& program, std::span<const Argument> argv,
                    std::span<const SubCommand> given) {
  const bool service = is_in<k_services>(program);
  if (!service) {
    if (argv[0].text.find('/') != std::string::npos || is_in<k_local>(program) ||
        find_program_function(program) != nullptr) {
      if (!has_word("docker podman kubectl oc", program)) return;
    }
    // A script of the project says what it likes.
    if (program.ends_with(".sh") || program.ends_with(".py") || program.ends_with(".js")) return;
  }
  for (std::size_t i = 0; i < given.size() && i < 5; ++i) {
    const std::string word = to_lower(given[i].text);
    // What follows is a name.
    if (i == 0 && has_word("get describe", word)) return;
    if (!is_destructive(word, service)) continue;
    // `tool list drop`: the verb came before.
    if (i > 0 &&
        has_word("list ls get show describe search find view cat info help create add new read inspect query",
                 given[i - 1].text))
      continue;
    walk.find("infra.destroy", argv[0].at, program + " " + word);
    return;
  }
}

}  // namespace

bool only_looks(std::string_view program, std::span<const Argument> argv) {
  // What a search or an explanation is given is text.
  if (argv.size() > 1 && has_word("search explain", argv[1].text)) return true;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (i == 1 && (word == "help" || word == "version")) return true;
    if (word.size() < 2 || word[0] != '-') continue;
    if (word == "--") break;
    if (word == "--version" && (i == 1 || i + 1 == argv.size())) return true;
    if (word.size() > 3 && is_in<k_looks>(word)) return true;
    if (word.starts_with("--dry-run=") && !word.ends_with("=none") && !word.ends_with("=false")) return true;
    if (word == "-h" && i + 1 == argv.size() && program != "halt" && program != "shutdown") return true;
    // -v 5: how much is told.
    const bool number = argv.size() > 2 && argv[2].text.find_first_not_of("0123456789") == std::string::npos;
    if (i == 1 && (word == "-version" || ((word == "-v" || word == "-V") && !number))) return true;
  }
  return argv.size() > 1 && argv.back().text == "help";
}

void judge_verbs(Walk& walk, const std::string& name, const Arguments& arguments) {
  // Most programs: nothing that they are told is a verb.
  if (is_in<k_local>(name) && verb_rows_of(name).empty() && !is_in<k_services>(name) && name != "bundle")
    return;
  std::string program = name;
  const std::span<const Argument> argv = named_program(program, arguments);
  // /etc/init.d/NAME VERB
  if (argv[0].text.starts_with("/etc/init.d/") || argv[0].text.starts_with("/etc/rc.d/")) {
    Arguments service(argv.begin(), argv.end());
    service.insert(service.begin(), {"service", argv[0].at});
    (void)run_service(walk, service, {});
    return;
  }
  if (only_looks(program, argv)) return;
  // account.delete(1)
  if (is_destructive_call(program) && argv[0].text.find('/') == std::string::npos)
    return walk.find("infra.destroy", argv[0].at, program);
  judge_uploads(walk, program, argv);
  std::vector<SubCommand> given = sub_commands(argv);
  blank_names(given);
  if (!judge_by_table(walk, program, argv, given)) judge_by_words(walk, program, argv, given);
}

}  // namespace rustchain
