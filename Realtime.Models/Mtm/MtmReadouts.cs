using Realtime.Engine.Decoding;

namespace Realtime.Models.Mtm;

/// <summary>The read-outs of the live form, and what their outputs are called.</summary>
public static class MtmReadouts
{
    public const string Behaviour = "behaviour";
    public const string Rates = "rates";
    public const string Regions = "regions";

    public static IReadOnlyList<string> All { get; } = [Behaviour, Rates, Regions];

    /// <summary>Regions of a recording in order of first appearance.</summary>
    public static IReadOnlyList<string> RegionsOf(MtmSession session) => [.. session.Regions.Distinct(StringComparer.Ordinal)];

    /// <summary>The outputs of a model file: those of the newest bin, then the same with "+1", "+2", ... for the bins predicted ahead.</summary>
    /// <param name="settings">Read-out, session and bins ahead.</param>
    /// <param name="behaviour">Quantities of the behaviour head, for that read-out.</param>
    public static IReadOnlyList<OutputChannel> Outputs(MtmSettings settings, IReadOnlyList<OutputChannel> behaviour)
    {
        var session = settings.Sessions.First(session => session.Word == settings.Session);
        OutputChannel[] now = settings.Readout switch
        {
            Rates => [.. Enumerable.Range(0, session.Neurons).Select(neuron => new OutputChannel(FormattableString.Invariant($"rate_{neuron}"), "Hz"))],
            Regions => [.. RegionsOf(session).Select(region => new OutputChannel(region, "Hz"))],
            _ => [.. behaviour],
        };
        return [.. now, .. Enumerable.Range(1, settings.ForwardBins).SelectMany(ahead => now.Select(output => output with { Name = FormattableString.Invariant($"{output.Name}+{ahead}") }))];
    }
}
