# Survival statistics of data/survival_data.csv by R's package survival, and shares by R's own tests: what
# tests/validation/outcome_statistics_test.cpp compares with.
#
#     Rscript survival.R DATA_FOLDER [--write]
#
# Writes data/survival_reference.csv, or ends with 1 if that file does not hold the same numbers to 1e-12.
suppressPackageStartupMessages(library(survival))

arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
patients <- read.csv(file.path(folder, "survival_data.csv"))
reference <- file.path(folder, "survival_reference.csv")

rows <- list()
note <- function(what, group, at, value) {
    rows[[length(rows) + 1]] <<- data.frame(what = what, group = group, at = at, value = as.numeric(value))
}

quantiles <- c(0.1, 0.25, 0.5, 0.75, 0.9)
for (group in 0:2) {
    of_group <- patients[patients$group == group, ]
    for (kind in c("log", "log-log")) {
        fit <- survfit(Surv(time, event) ~ 1, data = of_group, conf.type = kind)
        note(paste(kind, "low"), group, fit$time, fit$lower)
        note(paste(kind, "high"), group, fit$time, fit$upper)
        found <- quantile(fit, quantiles)
        note(paste(kind, "quantile low"), group, quantiles, found$lower)
        note(paste(kind, "quantile high"), group, quantiles, found$upper)
    }
    note("quantile", group, quantiles, found$quantile)
    note("at risk", group, fit$time, fit$n.risk)
    note("events", group, fit$time, fit$n.event)
    note("censored", group, fit$time, fit$n.censor)
    note("survival", group, fit$time, fit$surv)
    # survfit gives the error of the cumulative hazard; without anybody left it is infinite.
    note("error", group, fit$time, ifelse(fit$surv == 0, 0, fit$surv * fit$std.err))
    note("default low", group, fit$time, survfit(Surv(time, event) ~ 1, data = of_group)$lower)
    for (until in c(100, 365, 420)) {
        mean <- summary(fit, rmean = until)$table
        note("restricted mean", group, until, mean[["rmean"]])
        note("restricted mean error", group, until, mean[["se(rmean)"]])
    }
}
test <- function(name, some) {
    found <- survdiff(Surv(time, event) ~ group, data = some)
    groups <- sort(unique(some$group))
    note(paste(name, "observed"), groups, 0, found$obs)
    note(paste(name, "expected"), groups, 0, found$exp)
    note(paste(name, "chi square"), 0, length(groups) - 1, found$chisq)
    note(paste(name, "p"), 0, length(groups) - 1, pchisq(found$chisq, length(groups) - 1, lower.tail = FALSE))
}
test("three groups", patients)
test("two groups", patients[patients$group < 2, ])

# A share's interval by Wilson: `group` of `at`. McNemar's exact test: `group` and `at` differ, each way.
for (all in c(1, 10, 37, 155)) {
    for (with in unique(c(0, floor(0.43 * all), all))) {
        limits <- suppressWarnings(prop.test(with, all, correct = FALSE))$conf.int # which warns of few patients
        note("share low", with, all, limits[1])
        note("share high", with, all, limits[2])
    }
}
for (first in c(0, 1, 6, 40)) {
    for (second in c(1, 7, 40)) {
        note("exact p", first, second, binom.test(first, first + second)$p.value)
    }
}

table <- do.call(rbind, rows)
if ("--write" %in% arguments) {
    table$value <- sprintf("%.17g", table$value)
    write.csv(table, reference, quote = FALSE, row.names = FALSE)
} else {
    committed <- read.csv(reference)
    stopifnot(identical(committed$what, table$what), all(committed$group == table$group), all(committed$at == table$at))
    stopifnot(identical(is.na(committed$value), is.na(table$value)))
    # The file holds NaN where R has nothing to say.
    off <- abs(committed$value - table$value) / pmax(abs(table$value), 1e-6)
    cat("largest difference from the file, relative:", max(off, na.rm = TRUE), "\n")
    quit(status = !(max(off, na.rm = TRUE) < 1e-12))
}
