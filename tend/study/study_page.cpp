#include "tend/study/study_page.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tend/base/text.h"
#include "tend/report/svg_chart.h"

namespace tend {

namespace {

constexpr std::size_t most_curves = 300, most_lines = 300;  // drawn; the best ones are
constexpr int cells = 16;                                   // of a side of the contour

std::string number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", v);
  return std::isfinite(v) ? text : "";
}

/// A name on an axis: the last word of a path, or its start.
std::string axis_name(const std::string& path) {
  const std::string name = path.substr(path.rfind('.') + 1);
  return name.size() <= 20 ? name : std::string(start_of(name, 17)) + "...";
}

std::string text_of(const Value& v) { return v.is_number() && !v.is_integer() ? number(v.number()) : to_inline_toml(v); }

/// What a reader sees who points at a trial.
std::string hint_of(const StudyResult& r, const ListedTrial& trial) {
  std::string hint = "trial " + std::to_string(trial.number) + ", " + trial.state +
                     (trial.cause.empty() ? "" : " (" + trial.cause + ")") + ", " + r.metric + " " + number(trial.value);
  for (const auto& [name, value] : trial.parameters.items()) hint += "\n" + name + " = " + text_of(value);
  return hint;
}

std::vector<const ListedTrial*> ranked(const StudyResult& r) {
  std::vector<const ListedTrial*> order;
  for (const ListedTrial& trial : r.trials)
    if (std::isfinite(trial.value)) order.push_back(&trial);
  std::stable_sort(order.begin(), order.end(), [&](const ListedTrial* a, const ListedTrial* b) {
    return r.maximizes ? a->value > b->value : a->value < b->value;
  });
  return order;
}

ChartAxis value_axis(const StudyResult& r) {
  std::vector<double> values;
  for (const ListedTrial& trial : r.trials) values.push_back(trial.value);
  return ChartAxis::of(values);
}

/// Where a trial lies on a parameter as it is now; nothing if it does not have it.
std::optional<double> place_on(const SearchParameter& p, const ListedTrial& trial) {
  const Value* v = trial.parameters.find(p.name);
  if (!v) return std::nullopt;
  try {
    return p.place_of(*v);
  } catch (const Error&) {  // of an earlier stage, with other bounds
    return std::nullopt;
  }
}

ChartAxis axis_of(const SearchParameter& p) {
  ChartAxis axis;
  if (p.levels() > 0 && p.levels() <= 12) {
    for (std::size_t k = 0; k < p.levels(); ++k)
      axis.names.emplace_back(p.middle_of(k), axis_name(text_of(p.at(p.middle_of(k)))));
    return axis;
  }
  for (int i = 0; i <= 4; ++i)
    axis.names.emplace_back(i / 4.0, p.at(i / 4.0).is_number() ? short_number(p.at(i / 4.0).number()) : "");
  return axis;
}

std::string history(const StudyResult& r) {
  const ChartAxis y = value_axis(r);
  const ChartAxis x{.low = 0, .high = std::max(1.0, static_cast<double>(r.trials.size()) - 1), .is_count = true};
  SvgChart chart("Values in the order of the trials", x, y, "trial", r.metric);
  std::vector<std::pair<double, double>> best;
  double incumbent = std::nan("");
  for (const ListedTrial& trial : r.trials) {
    if (!std::isfinite(trial.value)) continue;
    const double at = x.place(static_cast<double>(trial.number));
    chart.dot(at, y.place(trial.value), r.best == trial.number ? "best" : trial.state, hint_of(r, trial));
    if (!(r.maximizes ? trial.value <= incumbent : trial.value >= incumbent)) {
      if (!best.empty()) best.emplace_back(at, y.place(incumbent));
      incumbent = trial.value;
      best.emplace_back(at, y.place(incumbent));
    }
  }
  if (!best.empty()) best.emplace_back(1, best.back().second);
  chart.line(best, "best");
  return chart.text();
}

std::string learning_curves(const StudyResult& r) {
  std::vector<double> values;
  std::size_t epochs = 1;
  for (const ListedTrial& trial : r.trials) {
    values.insert(values.end(), trial.values.begin(), trial.values.end());
    epochs = std::max(epochs, trial.values.size());
  }
  const ChartAxis y = ChartAxis::of(values), x{.low = 1, .high = std::max(2.0, static_cast<double>(epochs)), .is_count = true};
  SvgChart chart("Learning curves", x, y, "epoch", r.metric);
  std::vector<const ListedTrial*> order = ranked(r);
  if (order.size() > most_curves) order.resize(most_curves);
  for (std::size_t i = order.size(); i-- > 0;) {
    std::vector<std::pair<double, double>> places;
    for (std::size_t e = 0; e < order[i]->values.size(); ++e)
      if (std::isfinite(order[i]->values[e]))
        places.emplace_back(x.place(static_cast<double>(e + 1)), y.place(order[i]->values[e]));
    if (places.size() == 1) places.emplace_back(places[0].first + 0.004, places[0].second);
    chart.line(places, r.best == order[i]->number ? "best" : i < 5 ? "good" : "", hint_of(r, *order[i]));
  }
  return chart.text();
}

std::string slice(const StudyResult& r, const SearchParameter& p) {
  const ChartAxis y = value_axis(r);
  SvgChart chart(p.name, axis_of(p), y, p.name, r.metric);
  for (const ListedTrial& trial : r.trials)
    if (const auto x = place_on(p, trial); x && std::isfinite(trial.value))
      chart.dot(*x, y.place(trial.value), r.best == trial.number ? "best" : trial.state, hint_of(r, trial));
  return chart.text();
}

/// A line for each trial through its place on every parameter; the last axis has the value.
std::string parallel_coordinates(const StudyResult& r) {
  ChartAxis x;
  const std::size_t n = r.space.parameters.size();
  for (std::size_t i = 0; i <= n; ++i) {
    const std::string name = i < n ? r.space.parameters[i].name : r.metric;
    x.names.emplace_back(static_cast<double>(i) / static_cast<double>(n), axis_name(name));
  }
  ChartAxis y;
  y.names = {{0, "low"}, {1, "high"}};
  const ChartAxis values = value_axis(r);
  SvgChart chart("Parallel coordinates: each line is a trial", x, y, "", "", 940, 300);
  std::vector<const ListedTrial*> order = ranked(r);
  if (order.size() > most_lines) order.resize(most_lines);
  for (std::size_t i = order.size(); i-- > 0;) {
    std::vector<std::pair<double, double>> places;
    for (std::size_t k = 0; k < n; ++k)
      if (const auto place = place_on(r.space.parameters[k], *order[i])) places.emplace_back(x.names[k].first, *place);
    places.emplace_back(1, values.place(order[i]->value));
    chart.line(places,
               r.best == order[i]->number                        ? "best"
               : i < std::max<std::size_t>(order.size() / 10, 3) ? "good"
                                                                 : "",
               hint_of(r, *order[i]));
  }
  return chart.text();
}

/// The two most important parameters: each cell has the mean rank of the trials near it.
std::string contour(const StudyResult& r) {
  if (r.importance.size() < 2) return "";
  std::vector<std::size_t> order(r.importance.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return r.importance[a] > r.importance[b]; });
  const SearchParameter &p = r.space.parameters[order[0]], &q = r.space.parameters[order[1]];
  struct Point {
    double x = 0, y = 0, rank = 0;
    const ListedTrial* trial = nullptr;
  };
  std::vector<Point> points;
  const std::vector<const ListedTrial*> trials = ranked(r);
  for (std::size_t i = 0; i < trials.size(); ++i)
    if (const auto x = place_on(p, *trials[i]), y = place_on(q, *trials[i]); x && y)
      points.push_back({*x, *y, static_cast<double>(i) / static_cast<double>(trials.size()), trials[i]});
  if (points.size() < 3) return "";
  SvgChart chart("The two most important parameters: darker is better", axis_of(p), axis_of(q), p.name, q.name);
  for (int i = 0; i < cells; ++i)
    for (int j = 0; j < cells; ++j) {
      double sum = 0, weights = 1e-12;
      for (const Point& point : points) {
        const double dx = point.x - (i + 0.5) / cells, dy = point.y - (j + 0.5) / cells;
        const double weight = std::exp(-(dx * dx + dy * dy) / (2 * 0.08 * 0.08));
        sum += weight * point.rank, weights += weight;
      }
      const double known = weights / (weights + 0.05), rank = sum / weights;
      chart.box(i / double{cells}, j / double{cells}, 1.0 / cells, 1.0 / cells,
                "fill:var(--done);opacity:" + number(known * std::max(0.0, 0.9 * (1 - rank) * (1 - rank))), "");
    }
  for (const Point& point : points)
    chart.dot(point.x, point.y, r.best == point.trial->number ? "best" : point.trial->state, hint_of(r, *point.trial));
  return chart.text();
}

std::string importance(const StudyResult& r) {
  if (r.importance.empty()) return "";
  ChartAxis y;
  const auto n = static_cast<double>(r.importance.size());
  for (std::size_t i = 0; i < r.importance.size(); ++i) {
    y.names.emplace_back(1 - (static_cast<double>(i) + 0.5) / n, "");
  }
  SvgChart chart("Importance of the parameters", ChartAxis{}, y, "share of what separates the best tenth from all", "");
  for (std::size_t i = 0; i < r.importance.size(); ++i) {
    chart.box(0, 1 - (static_cast<double>(i) + 0.9) / n, r.importance[i], 0.4 / n, "fill:var(--done)",
              r.space.parameters[i].name + " " + number(r.importance[i]));
    chart.label(0.01, 1 - (static_cast<double>(i) + 0.4) / n, r.space.parameters[i].name);
  }
  return chart.text();
}

std::string timeline(const StudyResult& r) {
  double last = 1e-9;
  for (const ListedTrial& trial : r.trials) last = std::max(last, trial.ended);
  const auto n = static_cast<double>(std::max<std::size_t>(r.trials.size(), 1));
  SvgChart chart("Timeline: from the first to the last epoch of each trial", ChartAxis{.low = 0, .high = last},
                 ChartAxis{.low = 0, .high = n, .is_count = true}, "seconds", "trial");
  for (const ListedTrial& trial : r.trials)
    chart.box(trial.began / last, static_cast<double>(trial.number) / n, std::max(0.0, trial.ended - trial.began) / last, 0.8 / n,
              trial.state == "completed" ? "fill:var(--done)"
              : trial.state == "stopped" ? "fill:var(--stop)"
                                         : "fill:var(--wait)",
              hint_of(r, trial));
  return chart.text();
}

std::string comparison(const StudyResult& r) {
  if (r.final.runs.empty()) return "";
  std::string text = "<h2>The winner</h2>\n<p>" +
                     (r.final.winner ? "The parameters of trial " + std::to_string(*r.final.winner)
                                     : std::string("The experiment as it was given")) +
                     " won by the mean of " + escaped(r.metric) + " over the seeds. No trial has seen the test rows.</p>\n",
              rows = "<table><tr><th>metric</th><th>winner</th><th>as given</th></tr>\n";
  for (const auto& [part, metrics] : {std::pair{"validation", &FinalRun::validation}, {"test", &FinalRun::test}})
    for (const auto& [metric, unused] : r.final.runs[0].*metrics) {
      const std::string name = part + ("." + metric);
      const auto cell = [&](std::optional<std::size_t> trial) {
        const MeanAndDeviation spread = r.final.spread(trial, name);
        const std::string deviation = spread.count > 1 ? " &plusmn; " + number(spread.deviation) : "";
        return "<td>" + (spread.count > 0 ? number(spread.mean) + deviation : "-") + "</td>";
      };
      rows += "<tr><th>" + escaped(name) + "</th>" + cell(r.final.winner) + cell({}) + "</tr>\n";
    }
  return text + scrolled(rows + "</table>", "The winner");
}

std::string table(const StudyResult& r) {
  const auto known = [](double v) { return v > 0 ? number(v) : std::string(); };
  std::string text = "<table><tr>";
  for (const char* name : {"trial", "state", "cause", "epochs", "value", "seconds", "predicted s", "MiB"})
    text += std::string("<th>") + name + "</th>";
  for (const SearchParameter& p : r.space.parameters) text += "<th>" + escaped(p.name.substr(p.name.rfind('.') + 1)) + "</th>";
  text += "</tr>\n";
  for (const ListedTrial& trial : r.trials) {
    text += "<tr><td>" + std::to_string(trial.number) + "</td><td>" + trial.state + "</td><td>" + escaped(trial.cause) +
            "</td><td>" + std::to_string(trial.values.size()) + "</td><td>" + number(trial.value) + "</td><td>" +
            number(trial.seconds) + "</td><td>" + known(trial.predicted.seconds) + "</td><td>" +
            known(static_cast<double>(trial.predicted.memory_bytes) / (1 << 20)) + "</td>";
    for (const SearchParameter& p : r.space.parameters) {
      const Value* v = trial.parameters.find(p.name);
      text += "<td>" + (v ? escaped(text_of(*v)) : std::string()) + "</td>";
    }
    text += "</tr>\n";
  }
  return "<h2>All trials</h2>\n" + scrolled(text + "</table>", "All trials");
}

}  // namespace

std::string study_page(const StudyResult& r) {
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Study " + escaped(r.folder) +
                     "</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n" + page_style() +
                     "</head><body>\n<main>\n<h1>Study " + escaped(r.folder) + "</h1>\n<p>" +
                     escaped(counted(static_cast<std::int64_t>(r.trials.size()), "trial")) + " by " + escaped(r.sampler) +
                     (r.stoppers.empty() ? "" : " with " + escaped(listed(r.stoppers))) + "; " + escaped(r.metric) +
                     (r.maximizes ? ", more is better" : ", less is better") + ".";
  if (r.best) page += " The best trial is " + std::to_string(*r.best) + " with " + number(r.trials[*r.best].value) + ".";
  page += (r.end.empty() ? "" : " The search ended: " + escaped(r.end) + ".") + std::string("</p>\n<ul>\n");
  for (const std::vector<std::string>& lines : {cause_texts(r), r.notes, edge_texts(r)})
    for (const std::string& line : lines) page += "<li>" + escaped(line) + "</li>\n";
  page += "</ul>\n" + comparison(r) + "<h2>The search</h2>\n<div class=\"charts\">\n" + history(r) + learning_curves(r) +
          importance(r) + contour(r) + timeline(r) + "</div>\n" + parallel_coordinates(r) +
          "<h2>Each parameter</h2>\n<div class=\"charts\">\n";
  for (const SearchParameter& p : r.space.parameters) page += slice(r, p);
  return page + "</div>\n" + table(r) + "</main></body></html>\n";
}

}  // namespace tend
