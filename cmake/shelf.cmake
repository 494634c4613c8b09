# shelf(ROOM SHELF CONCEPT HEADER): makes a registry from a folder's listing. Writes <build>/generated/tend/ROOM/SHELF.h, which
# includes tend/ROOM/HEADER (which defines CONCEPT) and every header of tend/ROOM/SHELF, checks each entry against CONCEPT and its
# name against its file's, and lists the entries as all_SHELF. A file "he_normal.h" defines tend::HeNormal. If another shelf has
# the same word, the type ends with the concept's name: schedules/constant.h defines ConstantSchedule.
function(shelf room name concept concept_header)
  set(folder tend/${room}/${name})
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${folder}/*.h)
  set(includes "#include \"tend/base/entry_name.h\"\n#include \"tend/base/field.h\"\n#include \"tend/${room}/${concept_header}\"\n")
  set(checks "")
  set(types "")
  foreach(header IN LISTS headers)
    get_filename_component(stem ${header} NAME_WE)
    shelf_type(type ${header} ${stem} ${concept})
    string(APPEND includes "#include \"${header}\"\n")
    string(APPEND checks "static_assert(${concept}<${type}>, \"${header}: ${type} is no ${concept}\");\n")
    string(APPEND checks "static_assert(entry_name<${type}> == \"${stem}\", \"${header}: ${type} needs: static constexpr std::string_view entry_name = \\\"${stem}\\\";\");\n")
    list(APPEND types ${type})
  endforeach()
  list(JOIN types ", " types)
  string(JOIN "\n" text
    "#pragma once" "// Made by cmake/shelf.cmake from the listing of ${folder}." "${includes}" "namespace tend {" "" "${checks}"
    "using all_${name} = Types<${types}>;" "" "}  // namespace tend" "")
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/tend/${room}/${name}.h CONTENT "${text}")
endfunction()

# he_normal -> HeNormal, or HeNormalInitializer if the file defines that. No two shelves may define the same type: the linker
# would confuse them.
function(shelf_type out header stem concept)
  string(REPLACE "_" ";" words ${stem})
  set(type "")
  foreach(word IN LISTS words)
    string(SUBSTRING ${word} 0 1 first)
    string(TOUPPER ${first} first)
    string(SUBSTRING ${word} 1 -1 rest)
    string(APPEND type ${first}${rest})
  endforeach()
  file(STRINGS ${PROJECT_SOURCE_DIR}/${header} longer REGEX "^(struct|class) ${type}${concept}[ :{]")
  if(longer)
    set(type ${type}${concept})
  endif()
  get_property(taken GLOBAL PROPERTY tend_shelf_${type})
  if(taken AND NOT taken STREQUAL header)
    message(SEND_ERROR "${header} and ${taken} both define tend::${type}: call this one ${type}${concept}")
  endif()
  set_property(GLOBAL PROPERTY tend_shelf_${type} ${header})
  set(${out} ${type} PARENT_SCOPE)
endfunction()
