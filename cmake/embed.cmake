# embed(TARGET FILE HEADER FUNCTION): embeds FILE's bytes in TARGET; HEADER declares `std::string_view tend::FUNCTION()`, which
# returns them. The assembler reads the file, so only a few lines are compiled.
function(embed target file header function)
  set(path ${PROJECT_SOURCE_DIR}/${file})
  set(source ${PROJECT_BINARY_DIR}/generated/${file}.cpp)
  string(JOIN "\n" text
    "// Made by cmake/embed.cmake from ${file}."
    "#include \"${header}\""
    "asm(\".pushsection .rodata\\n.global tend_${function}_begin\\n.hidden tend_${function}_begin\\n\""
    "    \".global tend_${function}_end\\n.hidden tend_${function}_end\\n\""
    "    \"tend_${function}_begin:\\n.incbin \\\"${path}\\\"\\ntend_${function}_end:\\n.byte 0\\n.popsection\\n\");"
    "extern \"C\" const char tend_${function}_begin[], tend_${function}_end[];"
    ""
    "std::string_view tend::${function}() {"
    "  return {tend_${function}_begin, static_cast<std::size_t>(tend_${function}_end - tend_${function}_begin)};"
    "}" "")
  file(GENERATE OUTPUT ${source} CONTENT "${text}")
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${path})
  target_sources(${target} PRIVATE ${source})
endfunction()
