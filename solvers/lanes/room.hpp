#pragma once

#include <cstddef>
#include <new>

namespace osteoflare::solvers::lanes {

/// Room for numbers or packs of them, all zero at first.
template <class Entry>
class Room {
public:
    explicit Room(std::size_t size)
        : entries_(size == 0 ? nullptr : static_cast<Entry*>(operator new(size * sizeof(Entry), std::align_val_t(64))))
    {
        for (std::size_t i = 0; i < size; ++i) {
            new (entries_ + i) Entry(0);
        }
    }
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;
    ~Room() { operator delete(entries_, std::align_val_t(64)); }
    Entry* at(std::size_t i) const { return entries_ + i; }
    void swap(Room& other)
    {
        Entry* const mine = entries_;
        entries_ = other.entries_;
        other.entries_ = mine;
    }

private:
    Entry* entries_;
};

} // namespace osteoflare::solvers::lanes
