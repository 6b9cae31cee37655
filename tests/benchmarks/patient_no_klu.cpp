#include "tests/benchmarks/patient_lives.hpp"
#include "tests/benchmarks/patient_system.hpp"

#include <stdexcept>

namespace osteoflare::benchmarks {

bool has_klu()
{
    return false;
}

PatientLinearParts make_patient_klu(const PatientSystem&, N_Vector, SUNContext)
{
    throw std::invalid_argument("CVODE with KLU (this program was built without it); install libsuitesparse-dev");
}

} // namespace osteoflare::benchmarks
