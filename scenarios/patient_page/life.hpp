#pragma once

#include "scenarios/patients/follow.hpp"

#include <cstdint>
#include <vector>

/// One child's page: what happened to it, and what would have happened under another treatment. For research and
/// teaching, never for the care of a person.
namespace osteoflare::scenarios::patients {

/// What is known of one child of a trial.
struct Life {
    Child child;
    std::vector<Injury> injuries;      ///< up to the end of what was lived, in the order of their days
    solvers::lanes::LaneStatus status; ///< of the years before the diagnosis
    clinic::Presentation known;        ///< days since the child has been followed
    ClinicalCourse before;             ///< the same days, 0 among them: up to the diagnosis, or to the end without one
    std::vector<Followed> arms;        ///< (arm of the trial): of who is diagnosed

    bool is_diagnosed() const { return known.kind == clinic::Presentation::Kind::diagnosed; }
    bool is_complete() const { return status == solvers::lanes::LaneStatus::reached_end; }
};

/// Lives the years of child `number` until it is diagnosed, or to the cohort's last age, and then the trial's years
/// under each arm. What is seen before the diagnosis is what the cohort saw, bit by bit.
Life live(const Trial& trial, std::uint64_t number);

/// The child that a trial's page is about: the one that its file names, or else the first who is diagnosed. Throws
/// InputError if there is none.
std::uint64_t chosen_child(const Trial& trial);

} // namespace osteoflare::scenarios::patients
