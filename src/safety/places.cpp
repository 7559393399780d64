// What kind of place a path is.
#include "safety/places.hpp"

#include "safety/marks.hpp"
#include "safety/word_index.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>

namespace rustchain {
namespace {

constexpr std::string_view k_system[] = {
    "bin boot dev etc lib lib32 lib64 libx32 proc root run sbin srv sys usr var opt System Library "
    "Applications "
    "private Network cores nix snap"};
constexpr std::string_view k_homes[] = {"/home /Users"};
constexpr std::string_view k_holders[] = {"/mnt /media /Volumes /tmp /var/tmp"};
constexpr std::string_view k_sinks[] = {
    "/dev/null /dev/stdout /dev/stderr /dev/stdin /dev/tty /dev/zero /dev/random /dev/urandom /dev/full"};
constexpr std::array<std::string_view, 16> k_disks = {
    "/dev/sd",     "/dev/hd", "/dev/nvme", "/dev/vd", "/dev/xvd",  "/dev/disk", "/dev/rdisk", "/dev/mmcblk",
    "/dev/mapper", "/dev/da", "/dev/ada",  "/dev/md", "/dev/loop", "/dev/dm-",  "/dev/mem",   "/dev/kmem"};

constexpr std::string_view k_told_apart[] = {
    "/etc /var /var/log /etc/passwd /etc/group /etc/sudoers /etc/fstab /etc/crontab"};

// Folders and files of keys, hidden ones in any home.
constexpr std::string_view k_key_folders[] = {"/.ssh",
                                              "/.gnupg",
                                              "/.aws",
                                              "/.gcp",
                                              "/.azure",
                                              "/.oci",
                                              "/.kube",
                                              "/.config/gcloud",
                                              "/.config/gh",
                                              "/.config/hub",
                                              "/.password-store",
                                              "/.local/share/keyrings",
                                              "/.config/google-chrome",
                                              "/.config/chromium",
                                              "/.docker/config.json",
                                              "/.config/op",
                                              "/.terraform.d",
                                              "/.cargo/credentials",
                                              "/.gem/credentials",
                                              "/.config/rclone"};

// Whatever folder they stand in.
constexpr std::string_view k_secret_names[] = {
    ".npmrc .pypirc .netrc _netrc .git-credentials .pgpass .my.cnf .htpasswd .dockercfg .vault-token "
    ".dockerconfigjson credentials credentials.json credentials.xml credentials.toml "
    "client_secret.json "
    "secrets.json secrets.yaml secrets.yml secrets.toml secret.json secret.yaml shadow gshadow "
    "sudoers master.passwd terraform.tfstate terraform.tfstate.backup .s3cfg .boto .authinfo "
    "application_default_credentials.json wallet.dat logins.json key4.db"};

constexpr std::string_view k_start_files[] = {
    ".bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .zshrc .zprofile .zshenv "
    ".zlogin "
    ".zlogout .shrc .kshrc .cshrc .tcshrc .login .xinitrc .xprofile .xsession .inputrc .gitconfig "
    ".gitmodules .ripgreprc .mcp.json .vimrc .exrc config.fish .npmrc .yarnrc .pypirc .curlrc .wgetrc "
    ".ssh authorized_keys"};

bool below(std::string_view path, std::string_view directory) {
  if (directory == "/") return path.size() > 1;
  return path.size() > directory.size() && path.starts_with(directory) && path[directory.size()] == '/';
}
bool at_or_below(std::string_view path, std::string_view directory) {
  return path == directory || below(path, directory);
}

std::string normalise(std::string_view path) {
  std::string normal;
  normal.reserve(path.size());
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..")
      normal.resize(normal.empty() ? 0 : normal.rfind('/'));
    else
      normal.append(1, '/').append(part);
  }
  return normal.empty() ? "/" : normal;
}

// C:\Users\x as /C:/Users/x; the variables of cmd and PowerShell for home and temporary files.
std::string from_windows(std::string_view path, const SafetyPlaces& places) {
  std::string text(path);
  if (text.starts_with('%') || text.starts_with('$')) {
    const std::string lower = to_lower(text);
    for (std::string_view name : {"%userprofile%", "$env:userprofile", "%homepath%"})
      if (lower.starts_with(name)) return places.home + replace_all(text.substr(name.size()), "\\", "/");
    for (std::string_view name : {"%temp%", "%tmp%", "$env:temp"})
      if (lower.starts_with(name)) return "/tmp" + replace_all(text.substr(name.size()), "\\", "/");
  }
  if (text.size() >= 2 && text[1] == ':' && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z'))
    return "/" + replace_all(text, "\\", "/");
  return text;
}

PlaceKind kind_of_windows(std::string_view path) {
  std::vector<std::string_view> parts = split(path.substr(1), '/');
  if (parts.size() == 1) return path.size() == 3 ? PlaceKind::root : PlaceKind::outside;
  const std::string first = to_lower(parts[1]);
  if (has_word("windows program programdata system32 boot", first) || first.starts_with("program files"))
    return PlaceKind::system;
  if (first == "users" && parts.size() <= 3) return parts.size() == 2 ? PlaceKind::system : PlaceKind::home;
  return PlaceKind::outside;
}

std::string_view last_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}
std::string_view above(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

// Every character of the name is a mark, dots aside: it may be any of the directory's names.
bool is_any_name(std::string_view name) {
  return has_mark(name, k_marks) && std::all_of(name.begin(), name.end(), [](char c) {
           return c == '.' || k_marks.find(c) != std::string_view::npos;
         });
}

bool begins_unknown(std::string_view path) {
  return has_mark(path.substr(0, 1));
}

PlaceKind kind_of(std::string_view path, const SafetyPlaces& places) {
  if (path == "/") return PlaceKind::root;
  if (path.size() > 2 && path[2] == ':') return kind_of_windows(path);
  if (is_in<k_sinks>(path) || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/"))
    return PlaceKind::sink;
  if (path.starts_with("/dev/") && std::any_of(std::begin(k_disks), std::end(k_disks),
                                               [&](std::string_view disk) { return path.starts_with(disk); }))
    return PlaceKind::device;
  if (path == places.home || path == "/root" || is_in<k_homes>(path)) return PlaceKind::home;
  if (path == places.base) return PlaceKind::cwd;
  // The working directory may itself stand below /tmp.
  if (places.base != "/" && below(path, places.base)) return PlaceKind::inside;
  for (const std::string& temporary : places.temporary)
    if (below(path, temporary)) return PlaceKind::temporary;
  if (is_in<k_holders>(path))
    return path == "/tmp" || path == "/var/tmp" ? PlaceKind::outside : PlaceKind::system;
  std::string_view top = path.substr(1, path.find('/', 1) - 1);
  if (is_in<k_system>(top)) return PlaceKind::system;
  if (has_mark(top, k_marks)) return PlaceKind::system;  // /*/x
  if ((top == "home" || top == "Users") && path.find('/', top.size() + 2) == std::string_view::npos)
    return PlaceKind::home;
  return PlaceKind::outside;
}

}  // namespace

Place classify(std::string_view path, std::string_view directory, const SafetyPlaces& places) {
  Place place;
  std::string text = from_windows(path, places);
  if (text.starts_with('~')) {
    std::size_t end = std::min(text.find('/'), text.size());
    std::string user = text.substr(1, end - 1);
    text = (user.empty() ? places.home : "/home/" + user) + text.substr(end);
  }
  if (!text.starts_with('/')) {
    if (begins_unknown(text)) {
      place.path = text;
      place.kind = PlaceKind::unknown;
      return place;
    }
    if (directory.empty()) {
      place.path = std::string(1, k_unknown) + "/" + text;
      place.kind = PlaceKind::unknown;
      return place;
    }
    text = std::string(directory) + "/" + text;
    if (begins_unknown(text)) {
      place.path = text;
      place.kind = PlaceKind::unknown;
      return place;
    }
  }
  place.path = normalise(text);
  // Everything in a directory is as much as the directory itself.
  bool unknown = false;
  while (place.path != "/" && is_any_name(last_name(place.path))) {
    unknown = unknown || has_mark(last_name(place.path));
    place.all = true;
    place.path.resize(above(place.path).size());
  }
  place.kind = kind_of(place.path, places);
  if (place.all && place.path != places.base)
    for (const std::string& temporary : places.temporary)
      if (place.path == temporary) place.kind = PlaceKind::temporary;
  // /home/$USER is somebody's.
  if (unknown && !is_in<k_homes>(place.path) &&
      (place.kind == PlaceKind::root || place.kind == PlaceKind::home || place.kind == PlaceKind::cwd))
    place.kind = PlaceKind::unknown;
  return place;
}

bool is_git_metadata(const Place& place) {
  return place.path.ends_with("/.git") || place.path.find("/.git/") != std::string::npos;
}

bool is_secret_name(std::string_view given) {
  std::string name = to_lower(given);
  // .e?v: what may be meant is meant.
  if (name.find(k_one) != std::string::npos && name.find(k_many) == std::string::npos)
    for (std::string_view known : {".env", "id_rsa", "id_ed25519", "shadow", ".netrc", "credentials"}) {
      std::size_t same = 0, other = 0;
      for (std::size_t i = 0; i < std::min(known.size(), name.size()); ++i)
        if (name[i] != k_one) ++(name[i] == known[i] ? same : other);
      if (name.size() == known.size() && other == 0 && same > known.size() / 2) return true;
    }
  std::replace(name.begin(), name.end(), k_one, '?');
  const bool open = name.ends_with(k_many);
  if (open) name.pop_back();
  if (name == ".env" || name == ".envrc") return true;
  if (name.starts_with(".env.") || name.starts_with("env.production")) {
    std::string_view rest = std::string_view(name).substr(5);
    return !has_word("example sample template dist test defaults default schema ci",
                     rest.substr(0, rest.find('.'))) &&
           !has_word("example sample template dist", rest.substr(rest.rfind('.') + 1));
  }
  if (name.ends_with(".env") && name.size() > 4)
    return has_word("prod production staging live secrets secret local",
                    std::string_view(name).substr(0, name.size() - 4));
  if (is_in<k_secret_names>(name)) return true;
  if ((name.starts_with("id_rsa") || name.starts_with("id_dsa") || name.starts_with("id_ecdsa") ||
       name.starts_with("id_ed25519")))
    return !name.ends_with(".pub");
  if (name.starts_with("service-account") || name.starts_with("service_account"))
    return name.ends_with(".json");
  for (std::string_view end : {".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".ovpn"})
    if (name.ends_with(end) && name.size() > end.size()) return name.find("public") == std::string::npos;
  if (name.ends_with(".pem")) {
    for (std::string_view open_part : {"cert", "chain", "public", "pub", "ca-bundle", "cacert", "ca."})
      if (name.find(open_part) != std::string::npos) return false;
    return true;
  }
  return false;
}

bool is_secret(const Place& place) {
  std::string_view path = place.path;
  std::string_view name = last_name(path);
  if (name.ends_with(".pub") || name == "known_hosts") return false;
  if (is_secret_name(name)) return true;
  for (std::size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
    const std::string_view rest = path.substr(at);
    auto is_in_folder = [&](std::string_view folder) {
      return rest.starts_with(folder) &&
             (rest.size() == folder.size() || rest[folder.size()] == '/' || rest[folder.size()] == '.');
    };
    if (rest.starts_with("/.") ? std::any_of(std::begin(k_key_folders), std::end(k_key_folders), is_in_folder)
                               : is_in_folder("/Library/Keychains"))
      return true;
    // A folder named so, and a file in it.
    for (std::string_view folder : {"/secrets/", "/.secrets/", "/credentials/"})
      if (rest.starts_with(folder) && rest.size() > folder.size()) return true;
  }
  for (std::string_view folder :
       {"/run/secrets", "/var/run/secrets", "/etc/ssl/private", "/etc/kubernetes/pki", "/etc/wireguard"})
    if (at_or_below(path, folder)) return true;
  if (path.starts_with("/proc/") &&
      (path.ends_with("/environ") || path.ends_with("/mem") || path == "/proc/kcore"))
    return true;
  return false;
}

bool restrains_an_agent(const Place& place) {
  for (std::string_view folder :
       {"/.claude/", "/.cursor/", "/.codex/", "/.gemini/", "/.copilot/", "/.windsurf/", "/.pi/"}) {
    const std::size_t at = place.path.find(folder);
    if (at == std::string::npos) continue;
    const std::string_view rest = std::string_view(place.path).substr(at + folder.size());
    const std::string_view first = rest.substr(0, rest.find('/'));
    if (has_word("hooks config.toml rules policies", first) || first.starts_with("settings") ||
        first.starts_with("hooks."))
      return true;
  }
  return false;
}

bool tells_of_the_machine(const Place& place) {
  if (place.kind == PlaceKind::root || place.kind == PlaceKind::home) return true;
  if (is_in<k_told_apart>(place.path)) return true;
  // A service's whole folder; a file of one may well be meant for others.
  if (at_or_below(place.path, "/var/lib") && place.path.find('/', 9) == std::string::npos) return true;
  for (std::string_view folder : {"/root", "/var/spool", "/etc/ssh", "/etc/sudoers.d"})
    if (at_or_below(place.path, folder)) return true;
  return false;
}

bool is_persistence(const Place& place) {
  std::string_view path = place.path;
  std::string_view name = last_name(path);
  if (is_in<k_start_files>(name)) return true;
  for (std::string_view folder : {"/.ssh/",
                                  "/.config/autostart/",
                                  "/.config/systemd/",
                                  "/.config/fish/",
                                  "/.local/bin/",
                                  "/Library/LaunchAgents/",
                                  "/Library/LaunchDaemons/",
                                  "/.git/hooks/",
                                  "/.vscode/",
                                  "/.idea/",
                                  "/.claude/",
                                  "/.cursor/",
                                  "/.pi/",
                                  "/.codex/",
                                  "/.gemini/",
                                  "/.copilot/",
                                  "/.windsurf/",
                                  "/.config/git/",
                                  "/.gnupg/",
                                  "/.aws/",
                                  "/.kube/",
                                  "/.docker/"})
    if (path.find(folder) != std::string_view::npos) return true;
  if (path.ends_with("/.git/config") || path.ends_with("/.git/hooks")) return true;
  for (std::string_view folder :
       {"/etc/cron.d",       "/etc/cron.daily",   "/etc/cron.hourly", "/etc/cron.weekly",
        "/etc/cron.monthly", "/etc/crontab",      "/etc/anacrontab",  "/var/spool/cron",
        "/var/spool/at",     "/etc/systemd",      "/usr/lib/systemd", "/lib/systemd",
        "/etc/init.d",       "/etc/rc.local",     "/etc/profile",     "/etc/profile.d",
        "/etc/bash.bashrc",  "/etc/bashrc",       "/etc/zsh",         "/etc/ld.so.preload",
        "/etc/ld.so.conf",   "/etc/ld.so.conf.d", "/etc/sudoers",     "/etc/sudoers.d",
        "/etc/pam.d",        "/etc/environment",  "/etc/udev",        "/etc/xdg/autostart",
        "/etc/passwd",       "/etc/shadow",       "/etc/ssh",         "/etc/hosts"})
    if (at_or_below(path, folder)) return true;
  return false;
}

}  // namespace rustchain
