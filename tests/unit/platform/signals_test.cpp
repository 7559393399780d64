#include "platform/platform.hpp"
#include "util/mailbox.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace rustchain {
namespace {

TEST(SignalWatch, BringsEachSignalToTheHandler) {
  Mailbox<int> seen;
  SignalWatch watch([&](int number) { seen.post(number); });
  for (int number : {SIGINT, SIGINT, SIGTERM, SIGHUP}) {
    kill(getpid(), number);
    EXPECT_EQ(seen.take(), number);
  }
}

TEST(SignalWatch, PutsThingsBackAsTheyWere) {
  struct sigaction before {};
  sigaction(SIGTERM, nullptr, &before);
  {
    SignalWatch watch([](int) {});
  }
  struct sigaction after {};
  sigaction(SIGTERM, nullptr, &after);
  EXPECT_EQ(after.sa_handler, before.sa_handler);
  Mailbox<int> seen;
  SignalWatch again([&](int number) { seen.post(number); });
  kill(getpid(), SIGTERM);
  EXPECT_EQ(seen.take(), SIGTERM);
}

TEST(SignalWatch, WhatWasIgnoredStaysIgnored) {
  struct sigaction before {};
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGHUP, &ignore, &before);
  {
    Mailbox<int> seen;
    SignalWatch watch([&](int number) { seen.post(number); });
    kill(getpid(), SIGHUP);
    kill(getpid(), SIGINT);
    EXPECT_EQ(seen.take(), SIGINT);
  }
  sigaction(SIGHUP, &before, nullptr);
}

TEST(SignalWatch, ReachesItsHandlerThoughTheThreadsBlockTheSignal) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer puts off a handler whose signal comes just before read() blocks";
#endif
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  Mailbox<int> seen;
  SignalWatch watch([&](int number) { seen.post(number); });
  kill(getpid(), SIGINT);
  EXPECT_EQ(seen.take(), SIGINT);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(SignalWatch, AClosedPipeIsNoReasonToDie) {
  SignalWatch watch([](int) {});
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  close(ends[1]);
}

}  // namespace
}  // namespace rustchain
