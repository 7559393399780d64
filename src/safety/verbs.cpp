// Programs that do what their sub-commands say. A table of rows, and for clouds and what isn't known a list
// of verbs that mean destruction everywhere.
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace rustchain {
namespace {

struct Row {
  std::string_view programs;
  // Alternatives separated by '|', words by blanks; `*` at the beginning or the end of a word; `...` any
  // words; empty: always.
  std::string_view verbs;
  std::string_view options;  // one of these has to be there; "!x" one that may not; empty: none
  std::string_view rule;
};

constexpr Row k_rows[] = {
    // The machine
    {"reboot poweroff halt shutdown telinit init pm-suspend pm-hibernate stop-computer restart-computer", "",
     "!--help !--version !-c !--show !/a", "host.power"},
    {"insmod rmmod kextload kextunload", "", "!--help", "host.kernel"},
    {"modprobe", "", "!--help !--version !-n !--dry-run !-c !--showconfig !-D", "host.kernel"},
    {"sysctl", "", "-w --write -p --load --system", "host.kernel"},
    {"sysctl", "*=*", "", "host.kernel"},
    {"kexec grub-install update-grub grub-mkconfig dracut efibootmgr bcdedit", "", "!--help !--version !-v",
     "host.kernel"},
    {"iptables ip6tables ebtables arptables", "",
     "-F -X -P -A -I -D -R -Z -N --flush --policy --append --insert --delete --delete-chain",
     "host.firewall"},
    {"iptables-restore ip6tables-restore", "", "", "host.firewall"},
    {"nft", "flush|delete|add|insert|replace|reset", "", "host.firewall"},
    {"ufw", "disable|reset|delete|allow|deny|reject|limit|default|enable|reload", "", "host.firewall"},
    {"firewall-cmd", "", "--add* --remove* --set* --panic-on --reload --permanent", "host.firewall"},
    {"pfctl", "", "-F -d -f -e", "host.firewall"},
    {"setenforce", "", "", "host.firewall"},
    {"netsh", "... delete|... set|... add|... reset", "", "host.firewall"},
    {"csrutil spctl fdesetup", "disable|clear", "", "host.firewall"},
    {"auditctl", "", "-D -e -d -W", "host.firewall"},
    {"useradd adduser userdel deluser usermod groupadd groupdel groupmod addgroup delgroup passwd chpasswd "
     "newusers chage vipw visudo chsh gpasswd",
     "", "!--help !--version !-S !--status !-l", "host.account"},
    {"pw", "useradd|userdel|usermod|groupadd|groupdel|groupmod|user *|group *", "", "host.account"},
    {"dscl", "... -create|... -delete|... -append|... -passwd", "-create -delete -append -passwd",
     "host.account"},
    {"sysadminctl", "", "-addUser -deleteUser -resetPasswordFor", "host.account"},
    {"net", "user ...|localgroup ...", "/add /delete", "host.account"},
    {"nginx", "", "-s", "host.service.signal"},
    {"haproxy", "", "-sf -st", "host.service"},
    {"apachectl apache2ctl httpd", "stop|graceful-stop", "", "host.service"},
    {"apachectl apache2ctl httpd", "", "-k", "host.service.signal"},
    {"loginctl", "terminate-*|kill-*|poweroff|reboot", "", "host.service"},
    {"reg", "delete *|add *|import *", "", "host.kernel"},
    {"vssadmin wbadmin", "delete *", "", "disk.device"},
    {"wevtutil", "cl *|clear-log *", "", "fs.delete.system"},
    {"swapoff", "", "-a --all", "host.kernel"},
    {"umount", "", "-a --all -l --lazy", "host.kernel"},
    {"mount", "", "--bind -o", "host.kernel"},
    {"date", "", "-s --set --set=*", "host.kernel"},
    {"timedatectl hostnamectl localectl", "set-*", "", "host.kernel"},
    {"history", "", "-c", "fs.write.outside"},
    // Packages of the system
    {"apt apt-get aptitude dnf yum zypper", "remove|purge|autoremove|autopurge|erase",
     "!--simulate !-s !--dry-run", "host.packages"},
    {"dpkg", "", "-r -P --purge --remove", "host.packages"},
    {"rpm", "", "-e --erase", "host.packages"},
    {"pacman", "", "-R -Rs -Rns -Rsc -Rdd", "host.packages"},
    // Containers
    {"docker podman nerdctl",
     "system prune|container prune|image prune|volume prune|network prune|builder prune|buildx prune|volume "
     "rm|volume remove|"
     "system reset|stack rm|swarm leave|network rm|secret rm|config rm|node rm|service rm|context rm|plugin "
     "rm|compose rm|rmi|image rm",
     "", "container.prune"},
    {"docker podman nerdctl", "rm|container rm", "-f --force -v --volumes", "container.prune"},
    {"docker docker-compose podman-compose", "compose down|down",
     "-v --volumes=true --volumes --rmi --rmi=all", "container.prune"},
    {"docker podman nerdctl", "push|image push|manifest push|compose push", "", "publish"},
    {"docker", "buildx build|build", "--push", "publish"},
    {"crictl ctr", "rm*|... rm|... remove|... delete", "", "container.prune"},
    // Kubernetes and what describes infrastructure
    {"kubectl oc k3s", "delete *|drain *|replace *|auth reconcile|config delete-*",
     "!--dry-run=client !--dry-run=server !--dry-run", "infra.destroy"},
    {"kubectl oc",
     "apply|create|patch|scale|set|rollout undo|rollout "
     "restart|edit|label|annotate|cordon|taint|autoscale|expose",
     "!--dry-run=client !--dry-run=server !--dry-run", "infra.apply"},
    {"helm", "uninstall|delete|del|un|rollback", "", "infra.destroy"},
    {"helm", "install|upgrade", "", "infra.apply"},
    {"terraform tofu terragrunt",
     "destroy|run-all destroy|state rm|state push|taint|workspace delete|force-unlock|apply-all|destroy-all",
     "", "infra.destroy"},
    {"terraform tofu terragrunt", "apply", "-destroy --destroy", "infra.destroy"},
    {"terraform tofu terragrunt", "apply|run-all apply|import|state mv|state replace-provider", "",
     "infra.apply"},
    {"pulumi", "destroy|down|stack rm|state delete|cancel|stack remove", "", "infra.destroy"},
    {"pulumi", "up|update|refresh|import", "", "infra.apply"},
    {"cdk cdktf sst serverless sls sam copilot eb amplify",
     "destroy|remove|delete|terminate|app delete|env delete|svc delete", "", "infra.destroy"},
    {"cdk cdktf sst serverless sls sam eb", "deploy", "", "infra.apply"},
    {"ansible-playbook", "",
     "!--check !-C !--syntax-check !--list-hosts !--list-tasks !--list-tags !--version !--help",
     "infra.apply"},
    {"vagrant", "destroy|box remove", "", "infra.destroy"},
    {"virsh", "destroy|undefine|vol-delete|pool-delete|net-destroy|snapshot-delete|shutdown|reboot|reset", "",
     "infra.destroy"},
    {"multipass", "delete|purge|stop", "", "infra.destroy"},
    {"nomad", "... purge|stop|job stop|system gc|namespace delete|node drain", "", "infra.destroy"},
    {"consul", "kv delete|leave|force-leave|services deregister|acl ... delete", "", "infra.destroy"},
    {"etcdctl", "del|... remove|defrag|snapshot restore", "", "infra.destroy"},
    // Clouds: what the verbs below don't say
    {"aws", "s3 rm|s3 rb|s3 mv", "", "infra.destroy"},
    {"aws", "s3 sync", "--delete", "infra.destroy"},
    {"aws",
     "cloudfront create-invalidation|route53 change-resource-record-sets|... stop-*|... reboot-*|... "
     "modify-db-*|... put-bucket-policy|... put-bucket-acl|... put-bucket-lifecycle*|"
     "... schedule-key-deletion|... unsubscribe|... reset-*|... restore-*|... release-*|... detach-*|... "
     "disassociate-*|... cancel-*|... abort-*|... batch-delete-*|... "
     "force-*|... evict-*|... disable-*",
     "", "infra.destroy"},
    {"aws", "iam create-*|iam attach-*|iam put-*|iam add-*|iam update-*|... add-permission", "",
     "infra.access"},
    {"gcloud",
     "... delete|... delete-*|... remove-*|... undeploy|... destroy|... purge|... abandon|... rollback|... "
     "reset|... stop|... disable|... rm|... failover|... "
     "reset-*|... clear-*|... detach*|... cancel|... kill|... suspend|... revoke|... restore",
     "", "infra.destroy"},
    {"gcloud",
     "... add-iam-policy-binding|... set-iam-policy|... remove-iam-policy-binding|... iam service-accounts "
     "keys create",
     "", "infra.access"},
    {"gcloud", "... deploy|... resize", "", "infra.apply"},
    {"gsutil", "rm|rb|mv", "", "infra.destroy"},
    {"gsutil", "rsync", "-d", "infra.destroy"},
    {"gsutil", "iam *|acl ch|acl set|defacl *", "", "infra.access"},
    {"bq", "rm", "", "infra.destroy"},
    {"az",
     "... delete|... delete-*|... purge|... untag|... deallocate|... stop|... restart|... remove|... "
     "reset|... clear|... revoke*|... disable|... delete-batch|... "
     "failover|... rollback|... abandon|... reset-*",
     "", "infra.destroy"},
    {"az",
     "role assignment create|role definition create|ad ... create|... credential reset|keyvault set-policy",
     "", "infra.access"},
    {"az", "deployment ... create|webapp deploy|functionapp deploy*", "", "infra.apply"},
    {"az", "rest", "delete", "infra.destroy"},
    {"azcopy", "remove|rm", "", "infra.destroy"},
    {"azcopy", "sync", "--delete-destination --delete-destination=true", "infra.destroy"},
    {"doctl", "... delete|... rm|... destroy|... remove", "", "infra.destroy"},
    {"heroku",
     "*:destroy|*:remove|*:reset|pg:reset|*:rollback|*:delete|ps:stop|ps:kill|maintenance:on|*:unset|*:clear",
     "", "infra.destroy"},
    {"flyctl fly", "... destroy|... delete|... remove|... unset|scale count 0|suspend", "", "infra.destroy"},
    {"vercel vc now", "rm|remove|... rm|... remove|rollback", "", "infra.destroy"},
    {"vercel netlify wrangler fly flyctl firebase railway surge gh-pages", "deploy|publish|--prod",
     "--prod --production -p", "infra.apply"},
    {"netlify", "sites:delete|env:unset|*:delete", "", "infra.destroy"},
    {"firebase",
     "*:delete|*:disable|projects:*delete|functions:delete|firestore:delete|database:remove|hosting:disable",
     "", "infra.destroy"},
    {"supabase", "db reset|projects delete|... delete|... remove|branches delete|secrets unset", "",
     "infra.destroy"},
    {"gh", "... delete|... archive|... delete-*|... remove|... disable|repo rename|run cancel|... lock", "",
     "infra.destroy"},
    {"gh glab", "api", "-X=DELETE --method=DELETE", "infra.destroy"},
    {"gh", "release create|release upload", "", "publish"},
    {"glab", "... delete|... archive|repo transfer", "", "infra.destroy"},
    {"gitlab-rails", "runner", "", "infra.destroy"},
    {"gitlab-rake gitlab-ctl",
     "gitlab:backup:restore|*:restore|db:*|*:drop*|*:reset*|cleanse|uninstall|stop|reconfigure", "",
     "infra.destroy"},
    {"rails rake artisan",
     "db:drop|db:reset|db:purge|db:wipe|*:drop|*:reset|migrate:fresh|migrate:reset|db:truncate_all|db:schema:"
     "load|db:migrate:reset",
     "", "db.destroy"},
    {"prisma", "migrate reset|db push", "--force-reset --accept-data-loss --force -f", "db.destroy"},
    {"wrangler",
     "... delete|delete|... rollback|rollback|kv:* delete|... purge|secret delete|pages ... delete", "",
     "infra.destroy"},
    {"fastly", "... delete|... activate|... purge|purge|... deactivate", "", "infra.destroy"},
    {"vault",
     "delete|... delete|... destroy|... disable|... revoke|lease revoke|operator seal|operator "
     "step-down|token revoke|... tune|kv metadata delete|operator generate-root|operator rekey",
     "", "infra.destroy"},
    {"consul-template nomad-pack", "destroy|stop", "", "infra.destroy"},
    {"doppler op infisical", "... delete|... remove|... revoke|... unset", "", "infra.destroy"},
    {"op", "item get|read|document get|inject", "--reveal --fields", "secret.read"},
    // Backups, storage, queues, search
    {"borg", "delete|prune|compact|rdelete|repo-delete|recreate|break-lock|key ... remove", "!--dry-run !-n",
     "infra.destroy"},
    {"restic", "forget|prune|key remove|key passwd|rewrite|repair *|rebuild-index|migrate", "!--dry-run !-n",
     "infra.destroy"},
    {"restic", "unlock|cache", "--remove-all --cleanup", "infra.destroy"},
    {"duplicity duplicati-cli kopia", "remove-*|cleanup|delete*|snapshot delete|... delete|purge", "",
     "infra.destroy"},
    {"rclone",
     "delete|deletefile|purge|sync|move|moveto|rmdir|rmdirs|cleanup|dedupe|bisync|... delete|backend *",
     "!--dry-run !-n", "infra.destroy"},
    {"velero", "... delete|uninstall|backup-location set|delete *", "", "infra.destroy"},
    {"mc mcli",
     "rm|rb|... remove|... rm|... disable|... unset|... delete|admin service stop|admin service "
     "restart|undo|... detach",
     "", "infra.destroy"},
    {"mc mcli", "mirror", "--remove --overwrite", "infra.destroy"},
    {"s3cmd s5cmd", "del|rm|rb|expire|setpolicy|delpolicy|delbucket", "", "infra.destroy"},
    {"kafka-topics kafka-consumer-groups kafka-acls kafka-configs kafka-topics.sh kafka-consumer-groups.sh "
     "kafka-acls.sh kafka-configs.sh",
     "", "--delete --remove --delete-config --reset-offsets --delete-offsets", "infra.destroy"},
    {"kafka-delete-records kafka-delete-records.sh kafka-leader-election kafka-reassign-partitions", "",
     "--offset-json-file --execute", "infra.destroy"},
    {"rpk",
     "topic delete|group delete|cluster ... delete|acl delete|... delete|topic trim-prefix|group "
     "offset-delete",
     "", "infra.destroy"},
    {"nats", "... delete|... del|... rm|... purge|... remove|... destroy|server ... kick|stream seal", "",
     "infra.destroy"},
    {"rabbitmqctl",
     "reset|force_reset|delete_*|clear_*|forget_cluster_node|stop_app|stop|purge_queue|shutdown|force_boot|"
     "rotate_logs|close_*|change_password|set_permissions",
     "", "infra.destroy"},
    {"rabbitmqadmin", "delete *|purge *|close *", "", "infra.destroy"},
    {"pulsar-admin", "... delete|... clear-*|... unload|... expire-*|... remove-*|... skip*", "",
     "infra.destroy"},
    {"algolia", "... delete|... clear|... remove", "", "infra.destroy"},
    {"deck kong", "reset|gateway reset|sync|gateway sync|migrations reset|migrations *", "!--dry-run",
     "infra.destroy"},
    {"kong", "stop|restart|quit", "", "host.service"},
    {"traefik caddy", "stop", "", "host.service"},
    {"nsupdate", "", "!-V", "infra.destroy"},
    {"rndc", "stop|halt|flush|delzone|freeze", "", "host.service"},
    {"stripe", "... delete|... roll|... cancel|... archive|trigger *", "", "infra.destroy"},
    {"square paypal braintree", "... delete|... cancel|... void", "", "infra.destroy"},
    {"splunk", "clean *|... delete|delete *|remove *|stop|restart|offline", "", "infra.destroy"},
    {"grafana-cli", "... uninstall|... remove|admin reset-*", "", "infra.destroy"},
    {"promtool", "tsdb *delete*|... clean*", "", "infra.destroy"},
    {"influx", "... delete|delete|bucket delete|... rm", "", "infra.destroy"},
    {"gitlab-runner", "unregister|reset-token|stop|uninstall", "", "infra.destroy"},
    {"ldcli flipt unleash split", "... delete|... archive|... kill|... remove", "", "infra.destroy"},
    {"unleash split ldcli", "... kill|... disable", "", "infra.destroy"},
    {"jenkins-cli jenkins-cli.jar",
     "delete-*|clear-queue|shutdown|quiet-down|safe-restart|restart|offline-node|disable-*|disconnect-node|"
     "remove-*|reload-configuration",
     "", "infra.destroy"},
    {"jenkins-cli jenkins-cli.jar", "groovy|groovysh", "", "infra.apply"},
    {"circleci", "... delete|... remove-secret|... remove*", "", "infra.destroy"},
    {"argocd", "app delete|... rm|... delete|app rollback|proj delete|cluster rm|repo rm|app terminate-op",
     "", "infra.destroy"},
    {"argocd", "app sync", "", "infra.apply"},
    {"flux", "delete *|uninstall|suspend *", "", "infra.destroy"},
    {"istioctl linkerd cilium", "uninstall|x uninstall|operator remove", "", "infra.destroy"},
    {"eksctl kops kind minikube k3d", "delete *|delete|drain *|cluster delete", "", "infra.destroy"},
    {"dig", "axfr|... axfr", "", "infra.access"},
    {"ngrok cloudflared localtunnel lt bore tailscale zrok",
     "http *|tcp *|tunnel|tunnel *|--url|funnel *|serve *|share *", "", "net.tunnel"},
    {"lt bore", "", "--port -p", "net.tunnel"},
    {"code code-server code-insiders cursor", "tunnel|tunnel *", "", "net.tunnel"},
    {"ztcp", "", "", "net.remote_shell"},
    // A line of SQL on its own
    {"drop", "* *", "", "db.destroy"},
    {"delete", "from *|FROM *|From *", "", "db.destroy"},
    // Publishing
    {"npm pnpm yarn bun",
     "publish|unpublish|deprecate|dist-tag add|dist-tag rm|owner add|access *|token revoke|npm publish|hook "
     "*",
     "!--dry-run", "publish"},
    {"cargo", "publish|yank|owner", "!--dry-run", "publish"},
    {"twine", "upload", "", "publish"},
    {"poetry flit hatch pdm uv", "publish", "!--dry-run", "publish"},
    {"gem", "push|yank|owner", "", "publish"},
    {"mvn gradle gradlew ./gradlew", "deploy|publish|release:perform|publish*", "!publishToMavenLocal",
     "publish"},
    {"dotnet nuget", "push|nuget push|delete|nuget delete", "", "publish"},
    {"goreleaser semantic-release release-it", "release|", "!--snapshot !--dry-run !--skip-publish !-d",
     "publish"},
    {"vsce ovsx", "publish|unpublish", "", "publish"},
    {"helm", "push|registry login", "", "publish"},
    {"crane skopeo oras cosign", "push|copy|delete|sign", "", "publish"},
    {"pod", "trunk push|trunk delete", "", "publish"},
    // Secrets that programs hand out
    {"security", "find-generic-password|find-internet-password|dump-keychain|export", "", "secret.read"},
    {"pass gopass", "show|*/*", "", "secret.read"},
    {"secret-tool", "lookup *|search *", "", "secret.read"},
    {"gpg gpg2", "", "--export-secret-keys --export-secret-subkeys", "secret.read"},
    {"lpass", "show *|export", "", "secret.read"},
    {"bw", "get *|export|list items", "", "secret.read"},
    {"mimikatz secretsdump.py lazagne", "", "", "secret.read"},
    {"sops ansible-vault age", "view *|decrypt *|-d *", "-d --decrypt", "secret.read"},
    // Others
    {"crictl", "rmi *|rmp *", "", "container.prune"},
    {"sdkmanager avdmanager", "delete *", "--uninstall", "infra.destroy"},
    {"xattr", "", "-d -c", "host.packages"},
};

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
constexpr std::string_view k_services =
    "aws az gcloud gh glab heroku fly flyctl vercel netlify wrangler fastly firebase supabase doctl "
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
    "kong deck consul nomad etcdctl zkcli harbor snyk";
// Programs whose words are data, or whose removing concerns the project alone.
constexpr std::string_view k_local =
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
    "convert magick agitation digit format";

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

bool pattern_matches(const std::vector<std::string_view>& pattern, std::size_t p,
                     const std::vector<Word>& given, std::size_t w, int& steps) {
  if (++steps > 400) return false;
  if (p == pattern.size()) return true;
  if (pattern[p] == "...") {
    for (std::size_t skip = w; skip <= given.size(); ++skip)
      if (pattern_matches(pattern, p + 1, given, skip, steps)) return true;
    return false;
  }
  if (w < given.size() && word_matches(pattern[p], given[w].text) &&
      pattern_matches(pattern, p + 1, given, w + 1, steps))
    return true;
  return w < given.size() && !given[w].sure && pattern_matches(pattern, p, given, w + 1, steps);
}

bool verbs_match(std::string_view verbs, const std::vector<Word>& given) {
  if (verbs.empty()) return true;
  for (std::string_view one : split(verbs, '|')) {
    int steps = 0;
    if (pattern_matches(words(one), 0, given, 0, steps)) return true;
  }
  return false;
}

bool has_option(const Arguments& argv, std::string_view option) {
  std::size_t equals = option.find('=');
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (word == option || (option.ends_with('*') && word.starts_with(option.substr(0, option.size() - 1))))
      return true;
    if (equals != std::string_view::npos) {
      // -X=DELETE: the option and its value, however they are written.
      std::string_view name = option.substr(0, equals), value = option.substr(equals + 1);
      if (word == name && i + 1 < argv.size() && argv[i + 1].text == value) return true;
      if (word.starts_with(name) && word.ends_with(value)) return true;
      continue;
    }
    if (word.size() > 2 && option.size() == 2 && option[0] == '-' && word[0] == '-' && word[1] != '-' &&
        option[1] != '-' && word.find(option[1], 1) != std::string::npos && word.size() <= 6)
      return true;
    if (option.starts_with("--") && word.starts_with(option) && word.size() > option.size() &&
        word[option.size()] == '=' && !word.ends_with("=false"))
      return true;
  }
  return false;
}

bool options_match(std::string_view options, const Arguments& argv) {
  bool wanted = false, found = false;
  for (std::string_view option : words(options)) {
    if (option[0] == '!') {
      if (has_option(argv, option.substr(1))) return false;
      continue;
    }
    wanted = true;
    found = found || has_option(argv, option);
  }
  return !wanted || found;
}

const std::unordered_map<std::string_view, std::vector<const Row*>>& rows_by_program() {
  static const std::unordered_map<std::string_view, std::vector<const Row*>> table = [] {
    std::unordered_map<std::string_view, std::vector<const Row*>> all;
    for (const Row& row : k_rows)
      for (std::string_view name : words(row.programs)) all[name].push_back(&row);
    return all;
  }();
  return table;
}

// The lists are long and asked for every command.
bool is_service(std::string_view program) {
  static const std::unordered_set<std::string_view> all = [] {
    std::vector<std::string_view> list = words(k_services);
    return std::unordered_set<std::string_view>(list.begin(), list.end());
  }();
  return all.contains(program);
}
bool is_local(std::string_view program) {
  static const std::unordered_set<std::string_view> all = [] {
    std::vector<std::string_view> list = words(k_local);
    return std::unordered_set<std::string_view>(list.begin(), list.end());
  }();
  return all.contains(program);
}

template <std::size_t N>
bool begins_with_any(std::string_view word, const std::string_view (&list)[N]) {
  return std::any_of(std::begin(list), std::end(list),
                     [&](std::string_view one) { return word.starts_with(one); });
}

}  // namespace

bool only_looks(const std::string& program, const Arguments& argv) {
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i].text;
    if (word == "--") break;
    if (word == "--version" && (i == 1 || i + 1 == argv.size())) return true;
    if (has_word("--help --dry-run --dryrun --dry_run --what-if --whatif -whatif -WhatIf --simulate --noop "
                 "--no-act -help --just-print",
                 word))
      return true;
    if (word.starts_with("--dry-run=") && !word.ends_with("=none") && !word.ends_with("=false")) return true;
    if (word == "-h" && i + 1 == argv.size() && program != "halt" && program != "shutdown") return true;
    if (i == 1 && (word == "help" || word == "version" || word == "-version" || word == "-v" || word == "-V"))
      return true;
  }
  return argv.size() > 1 && argv.back().text == "help";
}

void judge_verbs(Walk& walk, const std::string& given_name, const Arguments& given_argv) {
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
  if ((program == "php" || program == "ruby" || program == "bundle" || program == "npx") && argv.size() > 1 &&
      has_word("artisan rails rake prisma", program_name(argv[1].text))) {
    argv.erase(argv.begin());
    program = program_name(argv[0].text);
  }
  if (only_looks(program, argv)) return;
  // account.delete(1): a line of some console.
  for (std::string_view call : {".delete", ".destroy", ".cancel", ".delete_all", ".destroy_all", ".drop"})
    if (program.ends_with(call) && program.size() > call.size() &&
        argv[0].text.find('/') == std::string::npos)
      return walk.find("infra.destroy", argv[0].at, program);
  std::vector<Word> given = sub_commands(argv);
  bool known = false;
  if (auto rows = rows_by_program().find(program); rows != rows_by_program().end()) {
    for (const Row* row : rows->second) {
      if (!verbs_match(row->verbs, given) || !options_match(row->options, argv)) continue;
      std::string_view rule = row->rule;
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
