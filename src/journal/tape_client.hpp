// HTTP clients in front of a tape: one that records, one that replays.
#pragma once

#include "rustchain/services.hpp"

#include "journal/tape.hpp"
#include "util/mask.hpp"

#include <string>

namespace rustchain {

// Hands every request on to `real`, and keeps what came of it, failures too. An exchange that somebody ended
// (a stop, a limit of the mission's) or that failed for a file of this machine is not kept.
//
// Nothing secret gets onto the tape: `mask` covers the mission's secrets; what a request's headers say of
// credentials, user and password of a URL, and values of such names as api_key or token in its query are
// covered wherever they stand; cookies that the server sets too.
class TapeRecorder : public HttpClient {
 public:
  TapeRecorder(Tape& tape, HttpClient& real, const Mask& mask) : tape_(tape), real_(real), mask_(mask) {}
  Result<HttpResponse, HttpError> send(const HttpRequest& request, const Stop& stop) override;
  bool listens(std::uint16_t port, const Stop& stop) override { return real_.listens(port, stop); }

 private:
  Tape& tape_;
  HttpClient& real_;
  const Mask& mask_;
};

// Answers from the tape alone, at once; streamed answers in their pieces. What isn't on the tape is an error
// of kind not_taped. Commands run as ever, so what listens on this machine is asked of `real`.
class TapePlayer : public HttpClient {
 public:
  TapePlayer(Tape& tape, HttpClient& real, Files& files, const Mask& mask)
      : tape_(tape), real_(real), files_(files), mask_(mask) {}
  Result<HttpResponse, HttpError> send(const HttpRequest& request, const Stop& stop) override;
  bool listens(std::uint16_t port, const Stop& stop) override { return real_.listens(port, stop); }

 private:
  Tape& tape_;
  HttpClient& real_;
  Files& files_;
  const Mask& mask_;
};

}  // namespace rustchain
