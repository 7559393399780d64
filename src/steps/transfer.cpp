// What copy_file and move_file share.
#include "steps/transfer.hpp"

#include "steps/support.hpp"
#include "util/path.hpp"

namespace rustchain {
namespace {

// Where a source goes: into `destination` if that is a directory or ends with a slash, else to that name.
std::string target_of(Files& files, const std::string& source, const std::string& destination) {
  std::optional<FileStatus> there = files.status(destination);
  bool into = destination.back() == '/' || (there && there->kind == FileStatus::Kind::directory);
  if (!into) return destination;
  return resolve_path(destination, file_name(normalise_path(source)));
}

}  // namespace

void check_transfer(const Step& step, Diagnostics& problems) {
  const Node* source = scalar(step, "source");
  const Node* destination = scalar(step, "destination");
  if (source == nullptr || destination == nullptr || source->text.empty()) return;
  if (normalise_path(source->text) != normalise_path(destination->text)) return;
  add_problem(problems, "RC0408", Severity::error, *destination, "source and destination are the same",
              "choose another destination");
}

StepResult transfer(const StepContext& context, bool moves) {
  Result<std::string, Failure> source = path_of(context, "source");
  if (!source) return failed(source.error());
  Result<std::string, Failure> destination = path_of(context, "destination");
  if (!destination) return failed(destination.error());

  Files& files = context.services.files;
  const bool overwrite = flag_of(context.parameters, "overwrite");
  const std::string target = target_of(files, *source, *destination);
  const bool existed = files.status(target).has_value();
  Result<std::uint64_t, Failure> size =
      moves ? files.move(*source, target, overwrite) : files.copy(*source, target, overwrite);
  if (!size) return failed(size.error());

  std::string final_name = text_of(context.parameters, "destination");
  if (target != *destination) final_name = resolve_path(final_name, file_name(target));
  StepResult result;
  result.output = {{"source", text_of(context.parameters, "source")},
                   {"destination", std::move(final_name)},
                   {"size", *size},
                   {"overwritten", existed}};
  return result;
}

}  // namespace rustchain
