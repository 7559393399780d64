#include "safety/places.hpp"

#include "safety/hosts.hpp"
#include "safety/marks.hpp"

#include <string>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

PlaceKind kind(std::string_view path, const std::string& directory = SafetyPlaces().base) {
  return classify(path, directory, {}).kind;
}

TEST(Places, TellsWhatAPathBelongsTo) {
  EXPECT_EQ(kind("build"), PlaceKind::inside);
  EXPECT_EQ(kind("./a/../b"), PlaceKind::inside);
  EXPECT_EQ(kind("."), PlaceKind::cwd);
  EXPECT_EQ(kind("a/.."), PlaceKind::cwd);
  EXPECT_EQ(kind(".."), PlaceKind::outside);
  EXPECT_EQ(kind("/"), PlaceKind::root);
  EXPECT_EQ(kind("//etc/.."), PlaceKind::root);
  EXPECT_EQ(kind("/etc/x"), PlaceKind::system);
  EXPECT_EQ(kind("~"), PlaceKind::home);
  EXPECT_EQ(kind("/home/carol"), PlaceKind::home);
  EXPECT_EQ(kind("/home/carol/x"), PlaceKind::outside);
  EXPECT_EQ(kind("/tmp/x"), PlaceKind::temporary);
  EXPECT_EQ(kind("/tmp/../etc"), PlaceKind::system);
  EXPECT_EQ(kind("/dev/sda1"), PlaceKind::device);
  EXPECT_EQ(kind("/dev/null"), PlaceKind::sink);
  EXPECT_EQ(kind("C:\\Windows\\System32"), PlaceKind::system);
  EXPECT_EQ(kind("C:\\"), PlaceKind::root);
}

TEST(Places, TakesAPatternForAllOfItsDirectory) {
  const std::string all(1, k_many);
  EXPECT_EQ(kind("/" + all), PlaceKind::root);
  EXPECT_EQ(kind("~/" + all), PlaceKind::home);
  EXPECT_EQ(kind(all), PlaceKind::cwd);
  EXPECT_EQ(kind("out/" + all), PlaceKind::inside);
  EXPECT_EQ(kind(all + ".o"), PlaceKind::inside);
}

TEST(Places, DoesNotGuessWhereAVariableLeads) {
  const std::string unknown(1, k_unknown);
  EXPECT_EQ(kind(unknown + "/x"), PlaceKind::unknown);
  EXPECT_EQ(kind("build/" + unknown), PlaceKind::inside);
  EXPECT_EQ(kind("/etc/" + unknown), PlaceKind::system);
  EXPECT_EQ(kind("/" + unknown), PlaceKind::unknown);
  EXPECT_EQ(kind("x", ""), PlaceKind::unknown);
}

TEST(Places, KnowsSecretsByNameAndFolder) {
  auto secret = [](std::string_view path) { return is_secret(classify(path, SafetyPlaces().base, {})); };
  for (std::string_view path :
       {".env", "a/.env.local", "~/.ssh", "~/.ssh.old/.ssh/x", "~/.ssh-old/.ssh/x", "id_rsa",
        "keys/server.pem", "~/.aws/credentials", "/etc/shadow", "secrets/db.txt"})
    EXPECT_TRUE(secret(path)) << path;
  for (std::string_view path :
       {".env.example", "id_rsa.pub", "cert.pem", "src/env.c", "secretsauce/x", "README.md", "secrets"})
    EXPECT_FALSE(secret(path)) << path;
}

TEST(Hosts, ReadsAddressesInEverySpelling) {
  auto host = [](std::string_view url) { return look_at_url(url).kind; };
  EXPECT_EQ(host("http://localhost:8080/"), HostKind::loopback);
  EXPECT_EQ(host("http://[::1]/"), HostKind::loopback);
  EXPECT_EQ(host("http://127.1/"), HostKind::disguised);
  EXPECT_EQ(host("http://0x7f.1/"), HostKind::disguised);
  EXPECT_EQ(host("http://2852039166/"), HostKind::metadata);
  EXPECT_EQ(host("http://[::ffff:169.254.169.254]/"), HostKind::metadata);
  EXPECT_EQ(host("http://192.168.1.1/"), HostKind::private_);
  EXPECT_EQ(host("http://[fd12::1]/"), HostKind::private_);
  EXPECT_EQ(host("https://example.net/"), HostKind::other);
  EXPECT_EQ(host("http://8.8.8.8/"), HostKind::other);
  EXPECT_TRUE(look_at_url("https://u:p@example.net/").credentials);
  EXPECT_EQ(look_at_url("file:///etc/hosts").scheme, "file");
}

}  // namespace
}  // namespace rustchain
