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
        .target(name: "RiskBase", dependencies: ["Decimals", "CPlatform"]),
        .target(name: "Market", dependencies: ["RiskBase", "Decimals", "CPlatform"]),
        .target(name: "Controls", dependencies: ["Market", "RiskBase", "Decimals", "CPlatform"]),
        .target(
            name: "RiskCore", dependencies: ["Controls", "Market", "RiskBase", "Decimals", "CPlatform"],
            linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
        .target(name: "Book", dependencies: ["Decimals", "CPlatform"]),
        .target(name: "Trading", dependencies: ["RiskBase", "Decimals", "CPlatform"]),
        .target(name: "Routing", dependencies: ["Trading", "RiskCore", "RiskBase", "Decimals", "CPlatform"]),
        .target(name: "Service", dependencies: ["Controls", "RiskBase", "Decimals", "CPlatform"]),
        .target(name: "OpenPit", dependencies: ["Routing", "Trading", "RiskCore", "Market", "RiskBase", "Decimals"]),
        .systemLibrary(name: "COpenPit", path: "include"),
        .target(
            name: "OpenPitABI",
            dependencies: [
                "Service", "Routing", "Trading", "Book", "RiskCore", "Controls", "Market", "RiskBase", "Decimals",
                "CPlatform", "COpenPit",
            ]),
        .testTarget(name: "CPlatformTests", dependencies: ["CPlatform"]),
        .target(name: "TestSupport", dependencies: ["Market", "RiskBase", "Decimals"], path: "Tests/TestSupport"),
        .testTarget(name: "DecimalsTests", dependencies: ["Decimals", "TestSupport"]),
        .testTarget(name: "RiskBaseTests", dependencies: ["RiskBase", "Decimals", "TestSupport"]),
        .testTarget(name: "MarketTests", dependencies: ["Market", "RiskBase", "Decimals", "TestSupport"]),
        .testTarget(
            name: "RiskCoreTests",
            dependencies: ["RiskCore", "Controls", "Market", "RiskBase", "Decimals", "TestSupport"]),
        .testTarget(
            name: "ControlsTests", dependencies: ["Controls", "Market", "RiskBase", "Decimals", "TestSupport"]),
        .testTarget(
            name: "HistoryTests",
            dependencies: ["RiskCore", "Controls", "Market", "RiskBase", "Decimals", "TestSupport"]),
        .testTarget(name: "BookTests", dependencies: ["Book", "Decimals", "TestSupport"]),
        .testTarget(name: "TradingTests", dependencies: ["Trading", "Decimals", "TestSupport"]),
        .testTarget(
            name: "RoutingTests",
            dependencies: ["Routing", "Trading", "RiskCore", "Market", "RiskBase", "Decimals", "TestSupport"]),
        .testTarget(name: "ServiceTests", dependencies: ["Service", "RiskBase", "Decimals", "TestSupport"]),
        .testTarget(name: "OpenPitTests", dependencies: ["OpenPit"]),
        .testTarget(
            name: "OpenPitABITests",
            dependencies: ["OpenPitABI", "RiskCore", "Market", "RiskBase", "Book", "Decimals", "COpenPit"]),
    ],
    swiftLanguageModes: [.v6]
)
