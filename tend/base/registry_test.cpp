#include "tend/base/registry.h"

#include <gtest/gtest.h>

#include "tend/base/aliases.h"

namespace tend::registry_test {
namespace {

const std::vector<std::string> known{"dense", "conv2d", "relu", "linear", "adam"};

std::string error_of(const std::string& value, bool is_named = false) {
  try {
    const Value v = parse_toml_value(value, "test");
    is_named ? read_named_spec(v, known, "here") : read_spec(v, known, "here");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

struct MaxPool2d {};
struct Scale01 {
  static constexpr std::string_view entry_name = "scale_0_1";
};

TEST(EntryName, is_the_type_in_snake_case_unless_the_entry_says_another) {
  EXPECT_EQ(entry_name<MaxPool2d>, "max_pool2d");
  EXPECT_EQ(entry_name<Scale01>, "scale_0_1");
}

TEST(Spec, is_a_word_or_a_table_with_one_known_key) {
  EXPECT_EQ(read_spec("relu", known, "here").kind, "relu");
  const Spec layer = read_spec(parse_toml_value("{ conv2d = 32, kernel = 5 }", ""), known, "here");
  EXPECT_EQ(layer.kind, "conv2d");
  EXPECT_EQ(layer.value, Value(32));
  EXPECT_EQ(to_inline_toml(layer.options), "{ kernel = 5 }");
  const Spec named = read_spec(parse_toml_value("{ relu = true, name = \"a\" }", ""), known, "here");
  EXPECT_TRUE(named.value.is_null());
  EXPECT_EQ(named.options.find("name")->string(), "a");
}

TEST(Spec, an_optimizer_is_a_word_or_a_table_with_a_name) {
  const Spec adam = read_named_spec(parse_toml_value("{ name = \"adam\", beta1 = 0.8 }", ""), known, "here");
  EXPECT_EQ(adam.kind, "adam");
  EXPECT_EQ(to_inline_toml(adam.options), "{ beta1 = 0.8 }");
  EXPECT_EQ(read_named_spec("adam", known, "here").kind, "adam");
  EXPECT_NE(error_of("{ beta1 = 0.8 }", true).find("a table without a name"), std::string::npos);
}

TEST(Spec, other_things_are_refused_in_one_sentence) {
  EXPECT_EQ(error_of("{ dense = 8, relu = true }"),
            "here: both \"dense\" and \"relu\" in one entry; wanted one of them; write two entries");
  EXPECT_NE(error_of("3").find("here: the number 3; wanted a name"), std::string::npos);
  EXPECT_NE(error_of("{}").find("here: a table"), std::string::npos);
  EXPECT_EQ(error_of("\"rleu\""), "here: \"rleu\"; wanted one of: adam, conv2d, dense, linear, relu; did you mean \"relu\"?");
}

TEST(Spec, is_written_as_it_is_read) {
  for (const char* text : {"\"relu\"", "{ conv2d = 32, kernel = 5 }", "{ relu = true, name = \"a\" }"}) {
    const Spec spec = read_spec(parse_toml_value(text, ""), known, "here");
    EXPECT_EQ(to_inline_toml(write_spec(spec.kind, spec.value, spec.options)), text);
  }
}

TEST(Aliases, words_of_other_programs_lead_to_ours) {
  const std::vector<std::string> initializers{"he_normal", "he_uniform", "glorot_normal", "glorot_uniform", "xavier"};
  EXPECT_EQ(our_word("kaiming_normal", initializers), "he_normal");
  EXPECT_EQ(our_word("kaiming_uniform_", initializers), "he_uniform");
  EXPECT_EQ(our_word("xavier_uniform", initializers), "glorot_uniform");
  EXPECT_EQ(our_word("XavierNormal", initializers), "glorot_normal");
  const std::vector<std::string> layers{"dense", "conv2d", "max_pool2d", "batch_norm", "linear", "relu", "swish", "sigmoid"};
  EXPECT_EQ(our_word("Linear", layers), "dense");
  EXPECT_EQ(our_word("fc", layers), "dense");
  EXPECT_EQ(our_word("Conv", layers), "conv2d");
  EXPECT_EQ(our_word("MaxPool2d", layers), "max_pool2d");
  EXPECT_EQ(our_word("batchnorm", layers), "batch_norm");
  EXPECT_EQ(our_word("SiLU", layers), "swish");
  EXPECT_EQ(our_word("logistic", layers), "sigmoid");
  const std::vector<std::string> losses{"softmax_cross_entropy", "categorical_cross_entropy", "binary_cross_entropy",
                                        "mean_squared_error", "mean_absolute_error"};
  EXPECT_EQ(our_word("CrossEntropyLoss", losses), "softmax_cross_entropy");
  EXPECT_EQ(our_word("crossentropy", losses), "softmax_cross_entropy");
  EXPECT_EQ(our_word("mse", losses), "mean_squared_error");
  EXPECT_EQ(our_word("MAE", losses), "mean_absolute_error");
  EXPECT_EQ(our_word("bce", losses), "binary_cross_entropy");
  EXPECT_EQ(our_word("nll", losses), "categorical_cross_entropy");
  EXPECT_EQ(our_word("SGD", {"sgd", "adam"}), "sgd");
  EXPECT_EQ(our_word("AdamW", {"adam", "adamw"}), "adamw");
  EXPECT_EQ(our_word("lr", {"learning_rate", "beta1"}), "learning_rate");
}

TEST(Aliases, a_word_counts_only_where_ours_is_known) {
  EXPECT_EQ(our_word("kaiming_normal", {"adam", "sgd"}), "");
  EXPECT_EQ(hint_about("weight_decay", {"learning_rate", "beta1"}), "weight_decay stands in [update], or l2 in a layer");
  EXPECT_EQ(hint_about("weight_decay", {"kernel", "l2"}), "did you mean \"l2\"?");
  EXPECT_EQ(hint_about("xyzzy", {"kernel", "l2"}), "");
}

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};
struct Square {
  double side = 1;
  static constexpr auto fields = std::tuple{field_of<Square>("side", &Square::side, above(0))};
  static constexpr std::string_view value_field = "side";
  double area() const { return side * side; }
};
struct Dot {
  static constexpr std::tuple<> fields{};
  double area() const { return 0; }
};
template <class E>
struct ShapeOf : Shape {
  explicit ShapeOf(E e) : entry(e) {}
  double area() const override { return entry.area(); }
  E entry;
};

TEST(Registry, makes_entries_by_name_with_their_settings) {
  Registry<Shape> shapes;
  shapes.add<ShapeOf, Square>("square");
  shapes.add<ShapeOf, Dot>("dot");
  EXPECT_EQ(shapes.make("dot", "here")->area(), 0);
  EXPECT_EQ(shapes.make("square", "here")->area(), 1);
  EXPECT_EQ(shapes.make(parse_toml_value("{ square = 3 }", ""), "here")->area(), 9);
  EXPECT_EQ(shapes.make_named(parse_toml_value("{ name = \"square\", side = 2 }", ""), "here")->area(), 4);
  EXPECT_THROW(shapes.make(parse_toml_value("{ dot = 3 }", ""), "here"), Error);
  EXPECT_THROW(shapes.make(parse_toml_value("{ square = 0 }", ""), "here"), Error);
  EXPECT_THROW(shapes.make("circle", "here"), Error);
  EXPECT_EQ(shapes.find("square")->fields[0].name, "side");
  EXPECT_EQ(shapes.find("circle"), nullptr);
}

}  // namespace
}  // namespace tend::registry_test
