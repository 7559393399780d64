#include "platform/judged_files.hpp"

#include "util/path.hpp"

namespace rustchain {
namespace {

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

class JudgedHttp : public HttpClient {
 public:
  JudgedHttp(HttpClient& http, const JudgedPaths& judged) : http_(http), judged_(judged) {}

  Result<HttpResponse, HttpError> send(const HttpRequest& request, const Stop& stop) override {
    if (request.output_file.empty()) return http_.send(request, stop);
    HttpRequest real = request;
    real.output_file = judged_.real(request.output_file);
    if (real.output_file.empty()) real.output_file = request.output_file;
    return http_.send(real, stop);
  }
  bool listens(std::uint16_t port, const Stop& stop) override { return http_.listens(port, stop); }

 private:
  HttpClient& http_;
  const JudgedPaths& judged_;
};

}  // namespace

void JudgedPaths::note(const std::string& path, const std::string& real) {
  std::lock_guard lock(mutex_);
  real_[without_slash(path)] = without_slash(real);
}

std::string JudgedPaths::real(const std::string& path) const {
  const std::string exact = without_slash(path);
  std::lock_guard lock(mutex_);
  if (auto found = real_.find(exact); found != real_.end()) return found->second;
  auto above = real_.find(parent_directory(exact));
  return above == real_.end() ? std::string() : resolve_path(above->second, file_name(exact));
}

std::unique_ptr<HttpClient> make_judged_http(HttpClient& http, const JudgedPaths& judged) {
  return std::make_unique<JudgedHttp>(http, judged);
}

}  // namespace rustchain
