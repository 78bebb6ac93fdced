using Realtime.Engine.Numerics;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// The four masking schemes. What is scored is what was hidden, under <see cref="MtmPrompt.IntraRegion"/> only
/// within the region. Draws are independent per trial; the region is the batch's. Any thread.
/// Source: github.com/colehurwitz/IBL_foundation_model, src/models/masker.py.
/// </summary>
public static class MtmMasking
{
    /// <summary>One trial under a drawn mask.</summary>
    /// <param name="session">Place of the recording among those of the network.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="trial">One of its trials.</param>
    /// <param name="prompt">The scheme.</param>
    /// <param name="region">The batch's region; needed by the schemes that go by regions.</param>
    /// <param name="rates">Shares.</param>
    /// <param name="random">Draws one number per neuron or bin.</param>
    public static MtmTrial Draw(
        int session, MtmRecording recording, MtmRecordedTrial trial, MtmPrompt prompt, string? region, MtmMaskRates rates, PortableRandom random)
    {
        var (bins, neurons) = (trial.Bins, recording.Neurons);
        var input = trial.Input.ToArray();
        var scored = new float[input.Length];
        switch (prompt)
        {
            case MtmPrompt.Neuron:
                for (var neuron = 0; neuron < neurons; neuron++)
                    if (random.Uniform() < rates.Neuron) Hide(neuron, isScored: true);
                break;
            case MtmPrompt.Causal:
                for (var bin = 0; bin < bins; bin++)
                {
                    if (random.Uniform() >= rates.Causal) continue;
                    for (var neuron = 0; neuron < neurons; neuron++) input[bin * neurons + neuron] = recording.Hidden(neuron);
                    scored.AsSpan(bin * neurons, neurons).Fill(1);
                }

                break;
            case MtmPrompt.InterRegion:
                foreach (var neuron in recording.RegionNeurons(region!)) Hide(neuron, isScored: true);
                break;
            default:
                var inside = recording.RegionNeurons(region!);
                for (var (neuron, next) = (0, 0); neuron < neurons; neuron++)
                {
                    var isInside = next < inside.Length && inside[next] == neuron;
                    if (isInside) next++;
                    if (!isInside) Hide(neuron, isScored: false);
                    else if (random.Uniform() < rates.IntraRegion) Hide(neuron, isScored: true);
                }

                break;
        }

        return new MtmTrial { Session = session, Prompt = prompt, Bins = bins, Input = input, Counts = trial.Counts, Scored = scored };

        void Hide(int neuron, bool isScored)
        {
            for (var at = neuron; at < input.Length; at += neurons)
            {
                input[at] = recording.Hidden(neuron);
                if (isScored) scored[at] = 1;
            }
        }
    }
}
