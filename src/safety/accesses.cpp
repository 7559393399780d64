// What is done to a path or a host, and what its kind makes of it.
#include "safety/hosts.hpp"
#include "safety/marks.hpp"
#include "safety/walk.hpp"
#include "util/text.hpp"
#include "util/url.hpp"

#include <algorithm>
#include <utility>

namespace rustchain {
namespace {

constexpr std::size_t k_most_links = 16;

}  // namespace

// Where a path of the container stands on this machine. Empty: in a volume; nothing: only in the container.
std::optional<std::string> Walk::lent(std::string_view path) const {
  std::string text(path);
  if (!text.starts_with('/')) {
    if (elsewhere_->directory.empty()) return std::nullopt;
    text = elsewhere_->directory + "/" + text;
  }
  for (const auto& [inner, outer] : elsewhere_->mounts) {
    if (!text.starts_with(inner) || (text.size() > inner.size() && text[inner.size()] != '/')) continue;
    return outer.empty() ? std::string() : outer + "/" + text.substr(inner.size());
  }
  return std::nullopt;
}

void Walk::remove(const Argument& path, bool recursive) {
  if (path.text.empty()) return;
  if (path.text.find(k_tainted) != std::string::npos) find("taint.path", path.at, path.text);
  if (elsewhere_ != nullptr) {
    const std::optional<std::string> outer = lent(path.text);
    if (outer && !outer->empty()) {
      const Elsewhere* container = std::exchange(elsewhere_, nullptr);
      remove({*outer, path.at}, recursive);
      elsewhere_ = container;
      return;
    }
    if (!outer && elsewhere_->fresh) return find("fs.delete.temporary", path.at, path.text);
  }
  Place there = place(path.text);
  if (remote_ > 0 || elsewhere_ != nullptr) {
    if (there.kind == PlaceKind::temporary) return find("fs.delete.temporary", path.at, path.text);
    if (remote_ > 0 && there.kind == PlaceKind::root) return find("fs.delete.root", path.at, path.text);
    if (remote_ > 0 && there.kind == PlaceKind::system) return find("fs.delete.system", path.at, path.text);
    return find("fs.delete.remote", path.at, path.text);
  }
  if (there.kind != PlaceKind::unknown && is_git_metadata(there))
    return find("fs.delete.git", path.at, path.text);
  if (restrains_an_agent(there)) return find("fs.write.persistence", path.at, path.text);
  switch (there.kind) {
    case PlaceKind::root: return find("fs.delete.root", path.at, path.text);
    case PlaceKind::home: return find("fs.delete.home", path.at, path.text);
    case PlaceKind::system:
    case PlaceKind::device:
    case PlaceKind::sink: return find("fs.delete.system", path.at, path.text);
    case PlaceKind::outside: return find("fs.delete.outside", path.at, path.text);
    case PlaceKind::cwd: return find("fs.delete.cwd", path.at, path.text);
    case PlaceKind::temporary: return find("fs.delete.temporary", path.at, path.text);
    case PlaceKind::inside: return find("fs.delete.inside", path.at, path.text);
    case PlaceKind::unknown: break;
  }
  if (there.path.find(k_fed) < 2) return find("fs.delete.fed", path.at, path.text);
  // "$X/"*: all of the root directory where X is empty. "$X" alone is a name that isn't known.
  const std::string_view bare =
      path.text.starts_with("./") ? std::string_view(path.text).substr(2) : path.text;
  const bool everything = recursive && bare == std::string_view(&k_many, 1);
  const bool named = directory_.empty() && !has_mark(path.text) && !everything;
  std::size_t after = there.path.find_first_not_of(k_unknown_marks);
  const bool all = after != std::string::npos && there.path[after] == '/' &&
                   there.path.find_first_not_of('/', after) != std::string::npos &&
                   has_mark(there.path.substr(after), k_marks);
  if (!named && (recursive || all || there.all))
    find("fs.delete.dynamic", path.at, path.text);
  else
    find("fs.delete.unknown", path.at, path.text);
}

void Walk::link(std::string_view target, std::string_view name) {
  const Place at = place(name);
  if (at.kind == PlaceKind::unknown || at.all || links_.size() >= k_most_links) return;
  const std::string beside = at.path.substr(0, std::max<std::size_t>(at.path.rfind('/'), 1));
  links_.emplace_back(at.path, classify(target, beside, places_).path);
}

Place Walk::place(std::string_view path, LastLink last) const {
  Place there = classify(path, directory_, places_);
  const bool into = last == LastLink::follow || there.all || path.ends_with('/');
  for (std::size_t follows = 0; follows < links_.size(); ++follows) {
    const auto link = std::find_if(links_.rbegin(), links_.rend(), [&](const auto& one) {
      return there.path.starts_with(one.first) &&
             (there.path.size() == one.first.size() ? into : there.path[one.first.size()] == '/');
    });
    if (link == links_.rend()) break;
    std::string led = link->second + there.path.substr(link->first.size());
    if (led.size() > k_longest_path) break;
    if (there.all) led.append(1, '/').append(1, k_many);
    there = classify(led, directory_, places_);
  }
  return there;
}

void Walk::write(const Argument& path, std::string_view content) {
  if (path.text.empty() || path.text == "-") return;
  if (elsewhere_ != nullptr) {
    const std::optional<std::string> outer = lent(path.text);
    if (!outer || outer->empty()) return;
    const Elsewhere* container = std::exchange(elsewhere_, nullptr);
    write({*outer, path.at}, content);
    elsewhere_ = container;
    return;
  }
  Place there = place(path.text, LastLink::follow);
  if (path.text.find(k_tainted) != std::string::npos) find("taint.path", path.at, path.text);
  if (written_->size() < 1000 && content.size() <= 65536) (*written_)[there.path] = std::string(content);
  if (there.kind == PlaceKind::sink) return;
  if (there.kind == PlaceKind::device) return find("disk.device", path.at, path.text);
  if (is_persistence(there)) return find("fs.write.persistence", path.at, path.text);
  if (is_secret(there)) return find("fs.write.secret", path.at, path.text);
  switch (there.kind) {
    case PlaceKind::root:
    case PlaceKind::system: return find("fs.write.system", path.at, path.text);
    case PlaceKind::home:
    case PlaceKind::outside:
      if (remote_ == 0) find("fs.write.outside", path.at, path.text);
      return;
    default: return;
  }
}

bool Walk::read(const Argument& path) {
  if (path.text.empty()) return false;
  if (path.text.find(k_tainted) != std::string::npos) find("taint.path", path.at, path.text);
  Place there = place(path.text, LastLink::follow);
  const bool secret = is_secret(there);
  if (secret) find("secret.read", path.at, path.text);
  if (there.kind == PlaceKind::device && elsewhere_ == nullptr) find("disk.read", path.at, path.text);
  return secret || tells_of_the_machine(there);
}

UrlFacts Walk::url(const Argument& url, bool whole_step) {
  UrlFacts facts = look_at_url(url.text);
  if (facts.host.find(k_tainted) != std::string::npos || facts.scheme.find(k_tainted) != std::string::npos)
    find("taint.host", url.at, url.text);
  if (!facts.scheme.empty() && facts.scheme != "http" && facts.scheme != "https") {
    if (facts.scheme == "file" && !whole_step) {
      std::string path = url.text.substr(url.text.find(':') + 1);
      read({path.starts_with("//") ? path.substr(2) : path, url.at});
    }
    if (whole_step || has_word("gopher dict ldap tftp jar", facts.scheme))
      find("url.scheme", url.at, url.text);
    return facts;
  }
  if (facts.decoy) find("url.disguised", url.at, without_secrets(url.text));
  switch (facts.kind) {
    case HostKind::metadata: find("url.metadata", url.at, url.text); break;
    case HostKind::disguised: find("url.disguised", url.at, url.text); break;
    case HostKind::private_: find("url.private", url.at, url.text); break;
    case HostKind::loopback:
      // Models and servers that a mission starts have a port of their own; the web's belongs to the machine.
      if (whole_step && ((facts.port == 0 && facts.known_port) || facts.port == 80 || facts.port == 443))
        find("url.private", url.at, url.text);
      else
        find("url.loopback", url.at, url.text);
      break;
    case HostKind::other: break;
  }
  if (facts.credentials) find("url.userinfo", url.at, without_secrets(url.text));
  return facts;
}

}  // namespace rustchain
