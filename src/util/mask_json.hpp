// Secret values within JSON.
#pragma once

#include "rustchain/json.hpp"

#include "util/mask.hpp"

#include <string>

namespace rustchain {

// Masks the texts of a value and its keys; a number that is or holds a secret becomes the text ***. `J` is
// Json, or the kind that keeps its keys in order.
template <class J>
void mask_json(const Mask& mask, J& value) {
  if (value.is_string()) {
    value = mask.text(value.template get_ref<const std::string&>());
  } else if (value.is_number()) {
    std::string number = value.dump();
    if (std::string masked = mask.text(number); masked != number) value = masked;
  } else if (value.is_array()) {
    for (J& element : value) mask_json(mask, element);
  } else if (value.is_object()) {
    J all = J::object();
    for (auto& [key, inner] : value.items()) {
      mask_json(mask, inner);
      all[mask.text(key)] = std::move(inner);
    }
    value = std::move(all);
  }
}

}  // namespace rustchain
