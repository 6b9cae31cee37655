#pragma once

#include "scenarios/patients/trial_results.hpp"

#include <functional>
#include <string>
#include <vector>

namespace osteoflare::tests {

/// A trial whose children are made by hand: seen every week, at four sites.
class MadeTrial {
public:
    /// `weeks` after the day of diagnosis.
    explicit MadeTrial(std::size_t weeks, std::vector<scenarios::patients::ArmInWords> arms)
    {
        results.name = "made";
        results.sites = {"distal_femur_left", "distal_tibia_left", "pelvis_left", "spine"};
        results.arms = std::move(arms);
        for (std::size_t week = 0; week <= weeks; ++week) {
            results.days.push_back(7.0 * static_cast<double>(week));
        }
    }

    /// One more child who is diagnosed, with the same course under every arm: no pain, no lesion, nothing wrong.
    std::size_t add_patient()
    {
        scenarios::patients::Presented child;
        child.kind = scenarios::clinic::Presentation::Kind::diagnosed;
        child.lesions.assign(results.sites.size(), false);
        results.patients.push_back(results.children.size());
        results.children.push_back(child);
        for (const auto& arm : results.arms) {
            scenarios::patients::ArmCourse course;
            course.reached = results.days.back();
            course.fired.assign(arm.rules.size(), false);
            const std::size_t n = results.days.size();
            for (auto* each : {&course.vas, &course.crp, &course.esr, &course.pga, &course.chaq}) {
                each->assign(n, 0);
            }
            course.resorption.assign(n, 1);
            course.lesions.assign(n, 0);
            course.painful.assign(n, 0);
            results.courses.push_back(course);
        }
        return results.patients.size() - 1;
    }

    scenarios::patients::ArmCourse& course(std::size_t patient, std::size_t arm)
    {
        return results.courses[patient * results.arms.size() + arm];
    }

    /// Pain (VAS 5) from one week on until before another, under one arm.
    void hurts(std::size_t patient, std::size_t arm, std::size_t from_week, std::size_t until_week)
    {
        auto& vas = course(patient, arm).vas;
        for (std::size_t week = from_week; week < until_week && week < vas.size(); ++week) {
            vas[week] = 5;
        }
    }

    void has_lesions(std::size_t patient, std::size_t arm, std::size_t from_week, std::size_t until_week,
                     scenarios::patients::SiteSet sites)
    {
        auto& lesions = course(patient, arm).lesions;
        for (std::size_t week = from_week; week < until_week && week < lesions.size(); ++week) {
            lesions[week] = sites;
        }
    }

    scenarios::patients::TrialResults results;
};

/// As naproxen alone, and naproxen that a drug replaces after half a year.
inline scenarios::patients::ArmInWords naproxen_alone()
{
    return {.name = "naproxen", .title = "naproxen", .rules = {}, .drugs = {"naproxen"}};
}

inline scenarios::patients::ArmInWords then(const std::string& drug)
{
    return {.name = drug,
            .title = "naproxen, then " + drug,
            .rules = {{.day = 182.625, .words = "if vas >= 1: stop naproxen, start " + drug}},
            .drugs = {"naproxen", drug}};
}

} // namespace osteoflare::tests
