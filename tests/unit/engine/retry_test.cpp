#include "engine/retry.hpp"

#include <gtest/gtest.h>

namespace rustchain {
namespace {

RetryPolicy policy(std::uint32_t attempts, std::vector<std::string> on = {}) {
  RetryPolicy policy;
  policy.max_attempts = attempts;
  for (std::string& word : on) policy.retry_on.push_back({std::move(word), {}});
  return policy;
}

StepResult failed(FailureKind kind, Json output = Json::object()) {
  StepResult result = StepResult::failure(kind, "no");
  result.output = std::move(output);
  return result;
}

StepResult busy(Json retry_after) {
  return failed(FailureKind::http_status,
                {{"status", 503}, {"headers", {{"retry-after", std::move(retry_after)}}}});
}

TEST(Retry, EndsWithTheLastAttempt) {
  EXPECT_TRUE(should_retry(policy(3), 2, failed(FailureKind::network)));
  EXPECT_FALSE(should_retry(policy(3), 3, failed(FailureKind::network)));
  EXPECT_FALSE(should_retry(policy(1), 1, failed(FailureKind::network)));
}

TEST(Retry, OnlyFailuresAreTriedAgain) {
  EXPECT_FALSE(should_retry(policy(3), 1, StepResult{}));
  StepResult partial;
  partial.status = Status::partial;
  partial.kind = FailureKind::timeout;
  EXPECT_FALSE(should_retry(policy(3), 1, partial));
  StepResult cancelled;
  cancelled.status = Status::cancelled;
  EXPECT_FALSE(should_retry(policy(3), 1, cancelled));
  EXPECT_FALSE(should_retry(policy(3, {"interrupted"}), 1, failed(FailureKind::interrupted)));
}

TEST(Retry, WhatCannotBeOtherwiseIsTriedAgainOnlyByName) {
  EXPECT_FALSE(should_retry(policy(3), 1, failed(FailureKind::invalid)));
  EXPECT_FALSE(should_retry(policy(3, {"any"}), 1, failed(FailureKind::safety)));
  EXPECT_TRUE(should_retry(policy(3, {"invalid"}), 1, failed(FailureKind::invalid)));
}

TEST(Retry, FollowsTheWordsOfTheMission) {
  RetryPolicy network = policy(3, {"network", "timeout"});
  EXPECT_TRUE(should_retry(network, 1, failed(FailureKind::timeout)));
  EXPECT_FALSE(should_retry(network, 1, failed(FailureKind::exit_code)));

  StepResult code_75 = failed(FailureKind::exit_code, {{"exit_code", 75}});
  EXPECT_TRUE(should_retry(policy(3, {"exit_code:75"}), 1, code_75));
  EXPECT_TRUE(should_retry(policy(3, {"exit_code: 75"}), 1, code_75));
  EXPECT_FALSE(should_retry(policy(3, {"exit_code:7"}), 1, code_75));
  EXPECT_FALSE(should_retry(policy(3, {"http_status:75"}), 1, code_75));
  EXPECT_TRUE(should_retry(policy(3, {"http_status:503"}), 1, busy(1)));
}

TEST(Retry, WaitsTheSameTimeOrTwiceAsLongEachTime) {
  RetryPolicy fixed = policy(9);
  fixed.delay_seconds = 2;
  EXPECT_EQ(retry_delay(fixed, 1, {}, 0, {}).count(), 2);
  EXPECT_EQ(retry_delay(fixed, 5, {}, 0, {}).count(), 2);

  RetryPolicy doubled = fixed;
  doubled.backoff = Backoff::exponential;
  doubled.max_delay_seconds = 10;
  EXPECT_EQ(retry_delay(doubled, 1, {}, 0, {}).count(), 2);
  EXPECT_EQ(retry_delay(doubled, 2, {}, 0, {}).count(), 4);
  EXPECT_EQ(retry_delay(doubled, 3, {}, 0, {}).count(), 8);
  EXPECT_EQ(retry_delay(doubled, 4, {}, 0, {}).count(), 10);
  EXPECT_EQ(retry_delay(doubled, 4'000'000'000, {}, 0, {}).count(), 10);
}

TEST(Retry, JitterTakesAwayAtMostHalf) {
  RetryPolicy jitter = policy(9);
  jitter.delay_seconds = 8;
  jitter.jitter = true;
  EXPECT_EQ(retry_delay(jitter, 1, {}, 0, {}).count(), 4);
  double most = retry_delay(jitter, 1, {}, UINT64_MAX, {}).count();
  EXPECT_GT(most, 7.999);
  EXPECT_LE(most, 8);
}

TEST(Retry, GivesTheServerTheTimeThatItAsksFor) {
  WallTime now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + std::chrono::hours(6);
  RetryPolicy common = policy(9);
  EXPECT_EQ(retry_delay(common, 1, busy("7"), 0, now).count(), 7);
  EXPECT_EQ(retry_delay(common, 1, busy(7), 0, now).count(), 7);
  EXPECT_EQ(retry_delay(common, 1, busy("Fri, 20 Nov 2026 06:00:30 GMT"), 0, now).count(), 30);
  EXPECT_EQ(retry_delay(common, 1, busy("Fri, 20 Nov 2026 05:00:30 GMT"), 0, now).count(), 1);
  EXPECT_EQ(retry_delay(common, 1, busy("86400"), 0, now).count(), 60);
  EXPECT_EQ(retry_delay(common, 1, busy("99999999999999999999"), 0, now).count(), 60);
  EXPECT_EQ(retry_delay(common, 1, busy("soon"), 0, now).count(), 1);
  StepResult other = busy("7");
  other.output["status"] = 500;
  EXPECT_EQ(retry_delay(common, 1, other, 0, now).count(), 1);
}

}  // namespace
}  // namespace rustchain
