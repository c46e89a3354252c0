/*
 * openpit/wire.hpp: lock prices, and how they become bytes.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_WIRE_HPP
#define OPENPIT_WIRE_HPP

#include "names.hpp"
#include "numbers.hpp"
#include "wire.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace openpit {

// ---- Locks ----------------------------------------------------------------------------------------------------------

/// The price one policy's reservation was made at.
struct LockEntry {
    PolicyGroupId policy_group = 0;
    Price price;

    friend bool operator==(const LockEntry &left, const LockEntry &right) noexcept {
        return left.policy_group == right.policy_group && left.price == right.price;
    }
    friend bool operator!=(const LockEntry &left, const LockEntry &right) noexcept { return !(left == right); }
};

/// How a lock is written.
enum class LockFormat : openpit_lock_format {
    Json = OPENPIT_LOCK_JSON,
    Msgpack = OPENPIT_LOCK_MSGPACK,
    Cbor = OPENPIT_LOCK_CBOR,
};

/// The lock prices of a reservation, kept with the order until its reports bring them back.
class Lock {
public:
    Lock() = default;
    Lock(std::initializer_list<LockEntry> entries) {
        for (const LockEntry &entry : entries) add(entry);
    }

    Lock &add(const LockEntry &entry) {
        openpit_lock_entry raw{};
        raw.price = entry.price.raw();
        raw.policy_group = entry.policy_group;
        entries_.get().push_back(raw);
        return *this;
    }

    std::size_t size() const { return entries_.get().size(); }
    bool empty() const { return entries_.get().empty(); }
    LockEntry operator[](std::size_t index) const {
        const openpit_lock_entry &raw = entries_.get().at(index);
        return {raw.policy_group, Price(detail::Checked(), raw.price)};
    }
    const std::vector<openpit_lock_entry> &raw() const & { return entries_.get(); }
    const std::vector<openpit_lock_entry> &raw() const && = delete;

    /// The lock as bytes for the wire; text when the format is JSON.
    std::string encode(LockFormat format) const {
        std::size_t length = 0;
        const openpit_status status = encode_into(format, nullptr, 0, &length);
        if (status != OPENPIT_STATUS_BUFFER_TOO_SMALL) detail::require(status);
        std::string bytes(length, '\0');
        detail::require(encode_into(format, bytes.data(), bytes.size(), &length));
        return bytes;
    }
    /// Reads what encode wrote, group 0 first.
    static Lock decode(LockFormat format, std::string_view bytes) {
        Lock lock;
        std::size_t count = 0;
        openpit_error error;
        error.struct_size = sizeof error;
        const openpit_status status = lock.decode_from(format, bytes, &count, &error);
        if (status == OPENPIT_STATUS_OK) return lock;
        if (status != OPENPIT_STATUS_BUFFER_TOO_SMALL) throw Error(error);
        lock.entries_.get().resize(count);
        if (lock.decode_from(format, bytes, &count, &error) != OPENPIT_STATUS_OK) throw Error(error);
        return lock;
    }

    friend bool operator==(const Lock &left, const Lock &right) {
        if (left.size() != right.size()) return false;
        for (std::size_t index = 0; index < left.size(); ++index) {
            if (left[index] != right[index]) return false;
        }
        return true;
    }
    friend bool operator!=(const Lock &left, const Lock &right) { return !(left == right); }

private:
    openpit_status encode_into(LockFormat format, char *buffer, std::size_t capacity, std::size_t *length) const {
        return openpit_lock_encode(static_cast<openpit_lock_format>(format), raw().data(), raw().size(),
                                   reinterpret_cast<std::uint8_t *>(buffer), capacity, length);
    }
    openpit_status decode_from(LockFormat format, std::string_view bytes, std::size_t *count, openpit_error *error) {
        return openpit_lock_decode(static_cast<openpit_lock_format>(format),
                                   reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(),
                                   entries_.get().data(), entries_.get().size(), count, error);
    }

    detail::Kept<std::vector<openpit_lock_entry>> entries_;
};

} // namespace openpit

#endif
