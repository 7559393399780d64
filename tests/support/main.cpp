// Where the test program begins: it may be a helper of the code under test.
#include "platform/platform.hpp"

#include <gtest/gtest.h>

int main(int argc, char** argv) {
  int helper = rustchain::run_as_helper(argc, argv);
  if (helper >= 0) return helper;
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
