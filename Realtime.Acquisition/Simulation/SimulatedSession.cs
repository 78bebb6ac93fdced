using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Simulation;

/// <summary>A simulated session with what is true of its units.</summary>
public sealed record SimulatedSession(Session Session, SimulationOptions Options, IReadOnlyList<SimulatedUnit> Units)
{
    /// <summary>Writes the session folder, with truth.json beside the rest.</summary>
    /// <exception cref="IOException">The folder holds files, or can't be written.</exception>
    public void Write(string folder, bool overwrite = false)
    {
        var extra = new Dictionary<string, JsonNode?>
        {
            ["spike_times_are"] = "simulated",
            ["simulation"] = TruthFile.Describe(Options),
        };
        SessionWriter.Write(Session, folder, extra, overwrite, addFiles: to => TruthFile.Write(this, Path.Combine(to, SessionFiles.Truth)));
    }
}
