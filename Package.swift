// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "openpit",
    products: [
        // The Swift library, for Swift users.
        .library(name: "OpenPit", targets: ["OpenPit"]),
        // The C library, libopenpit, for everybody else. `make build` makes the one to ship.
        .library(name: "openpit", type: .dynamic, targets: ["OpenPitABI"]),
    ],
    targets: [
        .target(name: "CPlatform"),
        .target(name: "Decimals", dependencies: ["CPlatform"]),
        .target(
            name: "RiskCore", dependencies: ["Decimals", "CPlatform"],
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
        .target(name: "Book", dependencies: ["CPlatform"]),
        .target(name: "OpenPit", dependencies: ["RiskCore", "Decimals"]),
        .systemLibrary(name: "COpenPit", path: "include"),
        .target(name: "OpenPitABI", dependencies: ["Book", "RiskCore", "Decimals", "COpenPit"]),
        .testTarget(name: "CPlatformTests", dependencies: ["CPlatform"]),
        .testTarget(name: "DecimalsTests", dependencies: ["Decimals"]),
        .testTarget(name: "RiskCoreTests", dependencies: ["RiskCore", "Decimals"]),
        .testTarget(name: "BookTests", dependencies: ["Book"]),
        .testTarget(name: "OpenPitTests", dependencies: ["OpenPit"]),
        .testTarget(name: "OpenPitABITests", dependencies: ["OpenPitABI", "Book", "COpenPit"]),
    ],
    swiftLanguageModes: [.v6]
)
