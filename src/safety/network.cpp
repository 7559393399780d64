// Programs that speak to other machines: what they fetch, send, and where they keep it.
#include "safety/hosts.hpp"
#include "safety/marks.hpp"
#include "safety/programs.hpp"
#include "util/text.hpp"

#include <algorithm>

namespace rustchain {
namespace {

// Words in a path or a query that say what a POST does.
bool asks_for_deletion(std::string_view text_) {
  const std::string text = to_lower(text_);
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    char c = i < text.size() ? text[i] : '/';
    if (c >= 'a' && c <= 'z') {
      word += c;
      continue;
    }
    if (has_word("delete destroy purge dodelete truncate drop wipe terminate remove flush", word))
      return true;
    word.clear();
  }
  return text.find("_close") != std::string::npos || text.find("_cluster/settings") != std::string::npos ||
         text.find("/shutdown") != std::string::npos;
}

// A GraphQL or JSON body that deletes.
bool body_deletes(std::string_view body) {
  for (std::string_view word : {"mutation", "Action"}) {
    if (body.find(word) == std::string_view::npos) continue;
    for (std::string_view verb : {"delete", "destroy", "purge", "DELETE", "remove"})
      if (body.find(verb) != std::string_view::npos) return true;
  }
  return false;
}

void judge_request(Walk& walk, std::string_view method, const Arguments& urls, const std::string& body,
                   ShellSpan at) {
  const std::string verb = to_lower(method);
  for (const Argument& url : urls) {
    const UrlFacts facts = walk.url(url, false);
    if (verb == "delete" ||
        ((verb == "post" || verb == "put" || verb == "patch") && asks_for_deletion(facts.path)) ||
        body_deletes(body))
      walk.find("net.delete", at, std::string(method) + " " + url.text);
  }
}

void judge_sent(Walk& walk, const std::string& value, ShellSpan at, const Stream& input) {
  if (value.starts_with('@') || value.starts_with('<')) {
    const std::string file = value.substr(1, value.find(';') - 1);
    if (file == "-") {
      if (input.secret) walk.find("net.exfiltrate", at, "standard input");
      return;
    }
    const Place place = walk.place(file);
    if (is_secret(place) || tells_of_the_machine(place) || walk.holds_secret(place.path))
      walk.find("net.exfiltrate", at, file);
    else
      walk.find("net.upload", at, file);
  }
}

}  // namespace

Stream run_curl(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(argv, 1,
                               {"XdFHoTuAbcCDeEKmPQrtUwxyYzh",
                                "request data data-raw data-binary data-urlencode data-ascii json form "
                                "form-string header output upload-file user "
                                "user-agent cookie cookie-jar continue-at dump-header referer cert key "
                                "cacert capath config max-time connect-timeout "
                                "proxy proxy-user range retry retry-delay retry-max-time resolve write-out "
                                "limit-rate max-redirs url interface "
                                "connect-to unix-socket output-dir oauth2-bearer max-filesize stderr trace "
                                "trace-ascii ciphers tls-max noproxy",
                                false, false});
  if (own.has("V", "version") || (own.has("", "help") && own.operands.empty())) return {};
  std::string method = own.value("X", "request");
  std::string body;
  Arguments urls = own.operands;
  bool keeps = own.has("O", "remote-name remote-name-all");
  std::string kept;
  for (const GivenOption& option : own.options) {
    const std::string value = option.value.value_or("");
    const bool sends = has_word(
        "d F T data data-raw data-binary data-urlencode data-ascii json form upload-file", option.name);
    if (sends) {
      if (option.name == "F" || option.name == "form")
        judge_sent(walk, value.substr(std::min(value.find('=') + 1, value.size())), option.at, input);
      else
        judge_sent(walk, option.name == "T" || option.name == "upload-file" ? "@" + value : value, option.at,
                   input);
      if (method.empty()) method = option.name == "T" ? "PUT" : "POST";
      body += value;
    }
    if (option.name == "url") urls.push_back({value, option.at});
    if ((option.name == "o" || option.name == "output") && !value.empty() && value != "-") {
      keeps = true;
      kept = value;
      walk.write({value, option.at}, std::string(1, k_downloaded));
    }
    if (option.name == "K" || option.name == "config" || option.name == "b" || option.name == "cookie" ||
        option.name == "H")
      if (value.starts_with('@') || option.name == "K")
        walk.read({value.starts_with('@') ? value.substr(1) : value, option.at});
    if ((option.name == "c" || option.name == "D" || option.name == "cookie-jar" ||
         option.name == "dump-header") &&
        value != "-")
      walk.write({value, option.at});
    if (option.name == "unix-socket" && value.find("docker.sock") != std::string::npos)
      walk.find("container.escape", option.at, value);
  }
  if (own.has("O", "remote-name"))
    for (const Argument& url : urls) {
      std::string path = look_at_url(url.text).path;
      std::string name = path.substr(path.rfind('/') + 1);
      if (!name.empty()) walk.write({name.substr(0, name.find('?')), url.at}, std::string(1, k_downloaded));
    }
  if (method.empty()) method = "GET";
  judge_request(walk, method, urls, body, argv[0].at);
  return {keeps && kept != "/dev/stdout" ? "" : std::string(1, k_downloaded)};
}

Stream run_wget(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(
      argv, 1,
      {"OoaPtTeiBUDIXRAlwQS",
       "output-document output-file append-output directory-prefix tries timeout execute input-file base "
       "user-agent header post-data post-file body-data body-file method user password referer "
       "load-cookies save-cookies ca-certificate limit-rate wait level",
       false, false});
  if (own.has("V", "version help")) return {};
  std::string method = own.value("", "method");
  std::string body;
  for (const GivenOption& option : own.options) {
    const std::string value = option.value.value_or("");
    if (option.name == "post-file" || option.name == "body-file") {
      judge_sent(walk, "@" + value, option.at, input);
      method = method.empty() ? "POST" : method;
    }
    if (option.name == "post-data" || option.name == "body-data") {
      body = value;
      method = method.empty() ? "POST" : method;
    }
    if ((option.name == "use-askpass") && !value.empty()) (void)walk.run({{value, option.at}}, {});
    if (option.name == "save-cookies" || option.name == "o" || option.name == "a" ||
        option.name == "output-file")
      walk.write({value, option.at});
  }
  judge_request(walk, method.empty() ? "GET" : method, own.operands, body, argv[0].at);
  const GivenOption* output = own.find("O", "output-document");
  if (output != nullptr && output->value) {
    if (*output->value == "-" || *output->value == "/dev/stdout") return {std::string(1, k_downloaded)};
    walk.write({*output->value, output->at}, std::string(1, k_downloaded));
    return {};
  }
  const std::string folder = own.value("P", "directory-prefix");
  for (const Argument& url : own.operands) {
    std::string path = look_at_url(url.text).path;
    std::string name = path.substr(path.rfind('/') + 1);
    if (!name.empty())
      walk.write({(folder.empty() ? "" : folder + "/") + name.substr(0, name.find('?')), url.at},
                 std::string(1, k_downloaded));
  }
  return {};
}

// fetch -o -, lynx -source, GET, iwr: what they print came from elsewhere.
Stream run_fetcher(Walk& walk, const Arguments& argv, const Stream&) {
  bool deletes = false;
  for (std::size_t i = 1; i + 1 < argv.size(); ++i)
    deletes = deletes || (to_lower(argv[i].text) == "-method" && to_lower(argv[i + 1].text) == "delete");
  for (std::size_t i = 1; i < argv.size(); ++i)
    if (argv[i].text.find("://") != std::string::npos) {
      walk.url(argv[i], false);
      if (deletes) walk.find("net.delete", argv[i].at, argv[i].text);
      // certutil -urlcache -f URL FILE, bitsadmin /transfer NAME URL FILE, iwr URL -OutFile FILE
      const std::size_t file =
          i + 1 < argv.size() && to_lower(argv[i + 1].text) == "-outfile" ? i + 2 : i + 1;
      if (file < argv.size() && argv[file].text[0] != '-')
        walk.write(argv[file], std::string(1, k_downloaded));
    }
  return {std::string(1, k_downloaded)};
}

// http, https, xh: METHOD and URL as operands.
Stream run_httpie(Walk& walk, const Arguments& argv, const Stream& input) {
  Parsed own = parse_arguments(
      argv, 1,
      {"aoApsS", "auth output auth-type print session style timeout verify proxy download-as", false, false});
  Arguments operands = own.operands;
  std::string method = "GET";
  if (!operands.empty() &&
      has_word("GET POST PUT PATCH DELETE HEAD OPTIONS get post put patch delete head options",
               operands[0].text)) {
    method = operands[0].text;
    operands.erase(operands.begin());
  }
  if (operands.empty()) return {std::string(1, k_downloaded)};
  Arguments url = {operands[0]};
  if (url[0].text.starts_with(':')) url[0].text.insert(0, "localhost");
  std::string body;
  for (std::size_t i = 1; i < operands.size(); ++i) {
    body += operands[i].text + " ";
    if (std::size_t at = operands[i].text.find('@');
        at != std::string::npos && operands[i].text.find('=') > at)
      judge_sent(walk, operands[i].text.substr(at), operands[i].at, input);
  }
  if (const GivenOption* output = own.find("o", "output"); output != nullptr && output->value)
    walk.write({*output->value, output->at}, std::string(1, k_downloaded));
  judge_request(walk, method, url, body, argv[0].at);
  return {std::string(1, k_downloaded)};
}

// nc, ncat, socat, telnet, socket.
Stream run_netcat(Walk& walk, const Arguments& argv, const Stream& input) {
  const std::string name = program_name(argv[0].text);
  if (argv.size() == 1) return {std::string(1, k_downloaded)};
  if (name == "socat") {
    bool network = false, program = false;
    for (std::size_t i = 1; i < argv.size(); ++i) {
      const std::string lower = to_lower(argv[i].text);
      network = network || lower.starts_with("tcp") || lower.starts_with("udp") ||
                lower.starts_with("openssl") || lower.starts_with("ssl") || lower.starts_with("sctp") ||
                lower.starts_with("proxy") || lower.starts_with("socks");
      if (lower.starts_with("exec:") || lower.starts_with("system:") || lower.starts_with("shell:")) {
        program = true;
        std::string text = argv[i].text.substr(argv[i].text.find(':') + 1);
        (void)walk.run_text(text.substr(0, text.find(',')), argv[i].at, {"", true, false});
      }
    }
    if (network && program)
      walk.find("net.remote_shell", argv[0].at, "socat");
    else if (network)
      walk.find("net.socket", argv[0].at, "socat");
    // What is told to a service's control socket.
    const std::string said = to_lower(input.text);
    for (std::size_t i = 1; i < argv.size(); ++i)
      if (argv[i].text.find(".sock") != std::string::npos)
        for (std::string_view verb : {"disable ", "shutdown ", "clear ", "del ", "quit", "delete"})
          if (said.find(verb) != std::string::npos)
            walk.find("host.service", argv[0].at, without_marks(input.text));
    return {std::string(1, k_downloaded)};
  }
  Parsed own =
      parse_arguments(argv, 1,
                      {name == "socket" ? "" : "ecpwiqsIOPTxXmgGB",
                       "exec sh-exec lua-exec source-port wait idle-timeout proxy proxy-type", false, false});
  if (own.has("h", "help version")) return {};
  const bool scans = own.has("z") && name != "socket";
  const bool runs = own.has("ec", "exec sh-exec lua-exec") || (name == "socket" && own.has("p"));
  if (runs) {
    walk.find("net.remote_shell", argv[0].at, name);
  } else if (input.secret) {
    walk.find("net.exfiltrate", argv[0].at, name);
  } else if (!scans) {
    walk.find("net.socket", argv[0].at, name);
  }
  return {std::string(1, k_downloaded)};
}

}  // namespace rustchain
