// The HTML report in a real browser: Chromium, without a window.
#include "report/report.hpp"
#include "support/rich_run.hpp"
#include "support/temporary_directory.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace rustchain {
namespace {

using testing::report_of;
using testing::rich_run;

constexpr const char* k_missing = "no Chromium here: the HTML report is not opened in a browser";

std::string browser() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
    if (std::system(("command -v " + std::string(name) + " >/dev/null 2>&1").c_str()) == 0) return name;
  return {};
}

struct Page {
  int status = 0;
  std::string document;  // as it is when its script has run
  std::string console;
};

// Opens a page in one of the colour schemes.
Page open(const std::string& html, const std::string& scheme, const std::string& fragment = {}) {
  TemporaryDirectory directory;
  directory.put("report.html", html);
  const std::string line =
      "cd " + directory.path() + " && timeout 60 " + browser() +
      " --headless --no-sandbox --disable-gpu --no-first-run --disable-extensions --user-data-dir=profile "
      "--blink-settings=preferredColorScheme=" +
      std::string(scheme == "dark" ? "0" : "1") +
      " --enable-logging=stderr --v=0 --virtual-time-budget=5000 --dump-dom 'file://" +
      directory / "report.html" + fragment + "' >dom 2>log </dev/null";
  Page page;
  page.status = std::system(line.c_str());
  page.document = directory.get("dom");
  const std::string log = directory.get("log");
  // "[...:INFO:CONSOLE(12)] "message", source: ..."
  for (std::size_t at = 0; (at = log.find("CONSOLE", at)) != std::string::npos; ++at)
    page.console += log.substr(at, log.find('\n', at) - at) + "\n";
  return page;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string_view::npos; at += what.size()) ++found;
  return found;
}

class Browser : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (browser().empty()) GTEST_SKIP() << k_missing;
  }
};
INSTANTIATE_TEST_SUITE_P(Schemes, Browser, ::testing::Values("light", "dark"),
                         [](const auto& each) { return std::string(each.param); });

// As one loads it from a link to build[1], which is within build.
TEST_P(Browser, ShowsEveryStepAndComplainsOfNothing) {
  const RunReport report = report_of(rich_run());
  const Page page = open(render_html(report, {}), GetParam(), "#s12");
  ASSERT_EQ(page.status, 0);
  EXPECT_EQ(page.console, "");
  EXPECT_EQ(count(page.document, "<details"), report.steps.size());
  for (const StepReport& step : report.steps)
    EXPECT_NE(page.document.find("<span class=\"id\">" + step.info.id + "<"), std::string::npos)
        << step.info.id;
  // The script has run: what is of no use without it is shown, and the step that the link names is open.
  EXPECT_NE(page.document.find("<div class=\"filter\" role=\"group\" aria-label=\"Which steps to show\">"),
            std::string::npos);
  EXPECT_NE(page.document.find("<details id=\"s1\" open=\"\">"), std::string::npos);
  EXPECT_NE(page.document.find("<details id=\"s12\" open=\"\">"), std::string::npos);
  EXPECT_NE(page.document.find("<details id=\"s11\"><summary>"), std::string::npos);
}

// The test can fail: a policy that is broken shows up in the console.
TEST(PlainBrowser, RunsNothingThatIsNotThePagesOwn) {
  if (browser().empty()) GTEST_SKIP() << k_missing;
  std::string html = render_html(report_of(rich_run()), {});
  html.insert(html.find("</main>"), "<script>document.title = 'taken over'</script>");
  const Page page = open(html, "light");
  EXPECT_NE(page.console.find("Content Security Policy"), std::string::npos) << page.console;
  EXPECT_EQ(page.document.find("<title>taken over"), std::string::npos);
}

}  // namespace
}  // namespace rustchain
