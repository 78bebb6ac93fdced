using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Host.Doctor;

/// <summary>Levels in lower case: "ok", "warn", "fail".</summary>
internal sealed class CheckLevelConverter()
    : JsonStringEnumConverter<CheckLevel>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
