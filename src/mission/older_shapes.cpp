// Missions as they were written for other versions and other runners.
#include "mission/older_shapes.hpp"

#include "mission/key_words.hpp"
#include "util/text.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace rustchain {
namespace {

constexpr auto k_planning_keys = std::to_array<std::string_view>({
    "objectives",
    "objective",
    "phases",
    "phase",
    "epics",
    "tasks",
    "milestones",
    "goals",
    "deliverables",
    "validation_criteria",
    "success_metrics",
    "success_criteria",
    "completion_criteria",
    "acceptance_criteria",
    "agents",
    "team",
    "roadmap",
    "workstreams",
    "mission",
    "missions",
});

constexpr std::string_view k_llm_steps =
    "write llm steps that depend on each other; each is given the outputs of the steps it depends on";
constexpr std::string_view k_llm_json =
    "refer to its fields, for example {fetch.json.items[0].id}, or use a command step with jq";
constexpr std::string_view k_loader =
    "use a read_file step, or a command step with a program that reads the format, and refer to its output";
constexpr std::string_view k_shell = "write `step_type: command`, with `shell: true` for shell syntax";
constexpr std::string_view k_git =
    "write `step_type: command` with the git command, for example `git status`";
constexpr std::string_view k_build =
    "write `step_type: command` with the build or test command, for example `cargo test`";
constexpr std::string_view k_system =
    "write `step_type: command` with a program that does it, for example `df -h`, `ps aux` or `ping -c 1 "
    "HOST`";
constexpr std::string_view k_database =
    "write `step_type: command` with the database's own client, for example `sqlite3 FILE QUERY`";
constexpr std::string_view k_archive =
    "write `step_type: command` with the archiver, for example `tar -czf FILE DIRECTORY`";
constexpr std::string_view k_request = "write `step_type: http` with the service's URL";
constexpr std::string_view k_safety = "leave it out; safety is a matter of the whole mission, not of a step";
constexpr std::string_view k_parallel =
    "leave it out; set config.max_parallel_steps, and let later steps depend on the ones to wait for";

// Old step types and tools, by the words that may be part of them.
struct OldTypes {
  std::string_view names;
  std::string_view today;
};
constexpr auto k_old_types = std::to_array<OldTypes>({
    {"agent chain conditional_chain react_agent multi_agent", k_llm_steps},
    {"prompt chat ask_llm ai llm_call completion ollama openai claude anthropic",
     "write `step_type: llm` with a prompt"},
    {"rag_add rag_query rag_search rag_delete rag embed generate_embedding similarity_search vector_store",
     "there is no document store; read what is needed with read_file and refer to it in the prompt"},
    {"load_model unload_model list_models model_info model_load model_unload",
     "write `step_type: command`, for example `ollama pull MODEL` or `ollama list`"},
    {"parse_json json_parse json_query jq", k_llm_json},
    {"parse_yaml parse_xml xml_parse yaml_parse csv_process csv_loader html_loader json_yaml_loader "
     "pdf_loader "
     "json_loader yaml_loader xml_loader text_loader markdown_loader document_loader csv_parse",
     k_loader},
    {"shell bash sh script exec run execute shell_command run_command execute_command terminal cmd "
     "powershell "
     "python python_code python_script node",
     k_shell},
    {"file_read read load_file cat", "write `step_type: read_file` with a path"},
    {"file_write write write_file create touch save_file file_create save",
     "write `step_type: create_file` with a path and its content"},
    {"file_edit edit modify_file update_file append_file patch", "write `step_type: edit_file` with a path"},
    {"file_delete delete remove remove_file rm file_remove", "write `step_type: delete_file` with a path"},
    {"file_copy copy cp file_move move mv rename rename_file",
     "write `step_type: copy_file` or `move_file` with source and destination"},
    {"list_directory list_dir list_files ls create_directory mkdir make_directory file_search search grep "
     "find",
     "write `step_type: command` with the program, for example `ls -la`, `mkdir -p DIR` or `grep -r TEXT "
     "DIR`"},
    {"git_status git_diff git_log git_commit git_push git_pull git_clone git_branch git_merge git_add git "
     "git_checkout git_tag",
     k_git},
    {"compile_code compile build run_tests test test_runner tests format_code lint_code lint check_code "
     "extract_functions generate_docs code_review code_analysis analyze_code code_refactor",
     k_build},
    {"monitor_resources system_info system_monitor check_disk process_list service_health ping_host ping "
     "start_process kill_process check_port port_scan process_start process_kill dns_lookup network_scan",
     k_system},
    {"sql_query database database_query redis_set redis_get redis mongo mongodb_insert mongodb_find mongodb "
     "sqlite postgres mysql db_query",
     k_database},
    {"compress decompress archive extract zip unzip tar", k_archive},
    {"web_request api_call rest fetch request download download_file upload webhook graphql "
     "websocket_connect "
     "web_search s3_upload s3_download kafka_produce kafka_consume ftp_transfer ssh_execute send_email slack",
     k_request},
    {"audit policy safety policy_check safety_check compliance validate security_scan audit_log "
     "compliance_check",
     k_safety},
    {"wait_for_parallel parallel join barrier wait sync", k_parallel},
    {"sleep delay pause", "write `step_type: command` with `sleep SECONDS`"},
    {"set_variable set_var variable variables assign",
     "write the value under `vars:`, or refer to a step's output"},
    {"print log message notify output", "write `step_type: noop` with a message"},
    {"loop foreach for_each repeat", "give a step `foreach: [a, b]`: it is run for each item, as {item}"},
    {"if condition conditional branch switch",
     "give the steps a condition: `when: \"{build.status} == success\"`"},
    {"sub_mission submission mission_call run_mission",
     "write `step_type: mission` with `mission: FILE` in its parameters"},
});

bool is_step(const Node& node) {
  for (std::string_view key : {"step_type", "type", "id", "parameters", "command", "tool"})
    if (node.find(key)) return true;
  return false;
}

bool holds(const Node* list, bool (*what)(const Node&)) {
  return list && list->is_list() && std::any_of(list->items.begin(), list->items.end(), what);
}

bool has_steps(const Node& node) {
  return holds(node.find("steps"), &is_step);
}

void refuse(Diagnostics& problems, std::string_view code, const Node& at, std::string message,
            std::string help) {
  problems.add({.code = code,
                .message = std::move(message),
                .at = at.at,
                .length = shown_length(at),
                .help = std::move(help)});
}

// The key itself, where find() gives its value. It is there.
const Node& key_of(const Node& map, std::string_view key) {
  std::size_t i = 0;
  while (map.key(i).text != key) ++i;
  return map.key(i);
}

constexpr std::string_view k_migrate = "`rustchain migrate FILE` prints it in today's format";

}  // namespace

bool refuse_document(const Node& document, Diagnostics& problems) {
  if (document.is_null()) {
    refuse(problems, "RC0101", document, "the file is empty",
           "`rustchain new basic FILE` writes a mission to start from");
    return true;
  }
  if (!document.is_map()) {
    bool steps = document.is_list() && holds(&document, &is_step);
    refuse(problems, "RC0101", document,
           "a mission is a map of keys, and this file holds " +
               std::string(document.is_list() ? "a list" : "a text"),
           steps ? "put the list under `steps:` and give the mission a `name:`"
                 : "`rustchain new basic FILE` writes a mission to start from");
    return true;
  }
  if (has_steps(document)) return false;

  const Node* mission = document.find("mission");
  if (mission && has_steps(*mission)) {
    refuse(problems, "RC0103", key_of(document, "mission"),
           "the mission is wrapped in `mission:`, an older form", std::string(k_migrate));
    return true;
  }
  const Node* tasks = document.find("tasks");
  if (holds(tasks, [](const Node& task) { return task.find("op") != nullptr; })) {
    refuse(problems, "RC0103", key_of(document, "tasks"), "the mission is a list of `tasks:`, an older form",
           std::string(k_migrate));
    return true;
  }
  const Node* missions = document.find("missions");
  if (holds(missions, &has_steps)) {
    refuse(problems, "RC0102", key_of(document, "missions"),
           "this file holds several missions, and a file is one mission",
           "write each of them to a file of its own and run them in order: rustchain run FIRST SECOND");
    return true;
  }

  const Node* steps = document.find("steps");
  bool some_steps =
      steps && steps->is_list() &&
      std::any_of(steps->items.begin(), steps->items.end(), [](const Node& item) { return item.is_map(); });
  if (some_steps) return false;
  std::vector<std::string> found;
  for (std::size_t i = 0; i < document.size() && found.size() < 4; ++i) {
    const std::string& key = document.key(i).text;
    if (std::ranges::find(k_planning_keys, key) != k_planning_keys.end()) found.push_back("`" + key + "`");
  }
  if (found.empty()) return false;
  refuse(problems, "RC0102", key_of(document, found.front().substr(1, found.front().size() - 2)),
         "this is a planning document, not a mission: it has " + join(found, ", ") + " but no list of steps",
         "a mission has a `name:` and a list `steps:`, each with an id and a step_type; `rustchain steps` "
         "shows the types");
  return true;
}

std::string snake_case(std::string_view name) {
  auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  std::string snake;
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (c == '-' || c == ' ') {
      snake += '_';
      continue;
    }
    bool starts_word =
        upper(c) && i > 0 && name[i - 1] != '_' && name[i - 1] != '-' && name[i - 1] != ' ' &&
        (!upper(name[i - 1]) || (i + 1 < name.size() && name[i + 1] >= 'a' && name[i + 1] <= 'z'));
    if (starts_word) snake += '_';
    snake += upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return snake;
}

std::string_view todays_way(std::string_view old_type) {
  for (const OldTypes& row : k_old_types)
    if (has_word(row.names, old_type)) return row.today;
  return {};
}

}  // namespace rustchain
