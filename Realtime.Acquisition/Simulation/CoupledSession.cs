using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Simulation;

/// <summary>A session of coupled neurons with the couplings that made it.</summary>
public sealed record CoupledSession(Session Session, CoupledOptions Options, IReadOnlyList<Coupling> Couplings)
{
    /// <summary>Writes the session folder, with the couplings in truth.json beside the rest.</summary>
    /// <exception cref="IOException">The folder holds files, or can't be written.</exception>
    public void Write(string folder, bool overwrite = false)
    {
        var extra = new Dictionary<string, JsonNode?>
        {
            ["spike_times_are"] = "simulated",
            ["simulation"] = CouplingTruth.Describe(Options),
        };
        SessionWriter.Write(Session, folder, extra, overwrite, addFiles: to => CouplingTruth.Write(this, Path.Combine(to, SessionFiles.Truth)));
    }
}
