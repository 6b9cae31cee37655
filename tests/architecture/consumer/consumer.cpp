#include "scenarios/record.hpp"

#include <cstdio>

using namespace osteoflare::scenarios;

int main()
{
    const Library library = read_library(library_folder());
    const Study study(plain_scenario(*library.genotype("cmo"), library));
    std::printf("onset on day %.2f\n", run_study(study, 1, nullptr).summary(0, 0));
}
