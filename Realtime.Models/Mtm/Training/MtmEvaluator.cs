using System.Collections.Concurrent;
using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// Asks a network for what it was not shown. Where one neuron is hidden at a time, the stitcher's result is corrected by the neuron's column, and a trial in which
/// hiding changes nothing (0 for a silent neuron) needs no pass of its own. One caller at a time.
/// </summary>
public sealed class MtmEvaluator : IDisposable
{
    private const int TrialsAtOnce = 32;

    private readonly MtmTrainable _network;
    private readonly PackedParameters _packed;
    private readonly GradientSet _noGradients;
    private readonly ConcurrentBag<Tape> _tapes = [];
    private readonly WorkCrew _crew;

    /// <param name="tensors">Of the network; copied.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="sessions">The recordings that it knows.</param>
    /// <param name="options">Masks; the strict one if null.</param>
    /// <param name="threads">That compute.</param>
    public MtmEvaluator(
        IEnumerable<TensorData> tensors, MtmConfig config, IReadOnlyList<MtmSession> sessions, MtmTrainableOptions? options = null, int threads = 1)
    {
        _network = MtmTrainable.Of(tensors, config, sessions, options);
        for (var i = 0; i < _network.Parameters.Count; i++) _network.Parameters[i].IsFrozen = true;
        _packed = new PackedParameters(_network.Parameters, KernelSet.Best);
        _noGradients = new GradientSet(_network.Parameters);
        _crew = new WorkCrew(threads);
    }

    /// <summary>Width of a state.</summary>
    public int HiddenSize => _network.Config.HiddenSize;

    /// <summary>Log-rates of what a task hides; NaN elsewhere.</summary>
    /// <param name="task">The task.</param>
    /// <param name="session">Place of the recording among the network's.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="trials">Some of its trials.</param>
    /// <param name="lastBins">Of forward prediction.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Of each trial, [bins, neurons].</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public float[][] Predict(MtmTask task, int session, MtmRecording recording, IReadOnlyList<MtmRecordedTrial> trials, int lastBins, CancellationToken cancellation = default)
    {
        var result = trials.Select(trial => NotScored(trial)).ToArray();
        int[] all = [.. Enumerable.Range(0, recording.Neurons)];
        switch (task)
        {
            case MtmTask.CoSmoothing:
                OneAtATime(session, MtmPrompt.Neuron, recording, trials, all, result, cancellation);
                break;
            case MtmTask.ForwardPrediction:
                Hidden(session, MtmPrompt.Causal, recording, trials, all, (trial, bin, _) => bin >= trial.Bins - lastBins, result, cancellation);
                break;
            case MtmTask.InterRegion:
                foreach (var region in recording.Regions)
                {
                    var inside = recording.RegionNeurons(region).ToArray();
                    Hidden(session, MtmPrompt.InterRegion, recording, trials, inside, Hides(recording, inside), result, cancellation);
                }

                break;
            default:
                foreach (var region in recording.Regions)
                    OneAtATime(session, MtmPrompt.IntraRegion, recording, trials, recording.RegionNeurons(region).ToArray(), result, cancellation);
                break;
        }

        return result;
    }

    /// <summary>Co-smoothing of every n-th neuron at once: a quick stand-in while training, a little harder than one at a time.</summary>
    /// <param name="session">Place of the recording among the network's.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="trials">Some of its trials.</param>
    /// <param name="folds">n.</param>
    /// <param name="cancellation">Stops it.</param>
    public float[][] CoSmoothingInFolds(int session, MtmRecording recording, IReadOnlyList<MtmRecordedTrial> trials, int folds, CancellationToken cancellation = default)
    {
        var result = trials.Select(trial => NotScored(trial)).ToArray();
        for (var fold = 0; fold < folds; fold++)
        {
            int[] hidden = [.. Enumerable.Range(0, recording.Neurons).Where(neuron => neuron % folds == fold)];
            Hidden(session, MtmPrompt.Neuron, recording, trials, hidden, Hides(recording, hidden), result, cancellation);
        }

        return result;
    }

    /// <summary>The state of each bin with nothing hidden, of each trial [bins, HiddenSize].</summary>
    /// <param name="session">Place of the recording among the network's.</param>
    /// <param name="prompt">Under which prompt, and its mask.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="trials">Some of its trials.</param>
    /// <param name="cancellation">Stops it.</param>
    public float[][] States(int session, MtmPrompt prompt, MtmRecording recording, IReadOnlyList<MtmRecordedTrial> trials, CancellationToken cancellation = default)
    {
        var result = new float[trials.Count][];
        InChunks(trials.Count, cancellation, (tape, first, end) =>
        {
            var (_, states) = Run(tape, session, prompt, recording, trials, first, end, static (_, _, _) => false);
            for (var (trial, row) = (first, 0); trial < end; row += trials[trial++].Bins)
                result[trial] = states.Value.Slice(row * HiddenSize, trials[trial].Bins * HiddenSize).ToArray();
        });
        return result;
    }

    public void Dispose() => _crew.Dispose();

    private static float[] NotScored(MtmRecordedTrial trial)
    {
        var rates = new float[trial.Counts.Length];
        Array.Fill(rates, float.NaN);
        return rates;
    }

    private static Func<MtmRecordedTrial, int, int, bool> Hides(MtmRecording recording, int[] hidden)
    {
        var isHidden = new bool[recording.Neurons];
        foreach (var neuron in hidden) isHidden[neuron] = true;
        return (_, _, neuron) => isHidden[neuron];
    }

    /// <summary>Hides entries and predicts them for some neurons.</summary>
    private void Hidden(
        int session, MtmPrompt prompt, MtmRecording recording, IReadOnlyList<MtmRecordedTrial> trials, int[] targets, Func<MtmRecordedTrial, int, int, bool> isHidden, float[][] result, CancellationToken cancellation) =>
        InChunks(trials.Count, cancellation, (tape, first, end) =>
        {
            var (_, states) = Run(tape, session, prompt, recording, trials, first, end, isHidden);
            for (var (trial, row) = (first, 0); trial < end; row += trials[trial++].Bins)
            {
                var neurons = trials[trial].Counts.Length / trials[trial].Bins;
                for (var bin = 0; bin < trials[trial].Bins; bin++)
                {
                    var state = states.Value.Slice((row + bin) * HiddenSize, HiddenSize);
                    foreach (var neuron in targets)
                        if (isHidden(trials[trial], bin, neuron)) result[trial][bin * neurons + neuron] = _network.LogRate(session, neuron, state);
                }
            }
        });

    /// <summary>Shows some neurons, and hides each of them in turn.</summary>
    private void OneAtATime(
        int session, MtmPrompt prompt, MtmRecording recording, IReadOnlyList<MtmRecordedTrial> trials, int[] shown, float[][] result, CancellationToken cancellation)
    {
        var stitched = new float[trials.Count][];
        var work = new List<(int Trial, int Neuron)>[trials.Count];
        var isShown = shown.ToHashSet();
        InChunks(trials.Count, cancellation, (tape, first, end) =>
        {
            var (sums, states) = Run(tape, session, prompt, recording, trials, first, end, (_, _, neuron) => !isShown.Contains(neuron));
            for (var (trial, row) = (first, 0); trial < end; row += trials[trial++].Bins)
            {
                var (bins, input) = (trials[trial].Bins, trials[trial].Input);
                var neurons = input.Length / bins;
                stitched[trial] = sums.Value.Slice(row * sums.Width, bins * sums.Width).ToArray();
                work[trial] = [];
                foreach (var neuron in shown)
                {
                    if (HidingChanges(input, neuron, neurons)) work[trial].Add((trial, neuron));
                    else Put(result[trial], states.Value[(row * HiddenSize)..], session, neuron, bins, neurons);
                }
            }
        });
        (int Trial, int Neuron)[] all = [.. work.SelectMany(list => list)];
        InChunks(all.Length, cancellation, (tape, first, end) =>
        {
            var width = stitched[0].Length / trials[0].Bins;
            int[] bins = [.. all[first..end].Select(item => trials[item.Trial].Bins)];
            var sums = tape.Constant(bins.Sum(), width);
            var row = 0;
            foreach (var (trial, neuron) in all.AsSpan(first, end - first))
            {
                var input = trials[trial].Input;
                var neurons = input.Length / trials[trial].Bins;
                stitched[trial].CopyTo(sums.Value[(row * width)..]);
                for (var bin = 0; bin < trials[trial].Bins; bin++, row++)
                {
                    var change = recording.Hidden(neuron) - input[bin * neurons + neuron];
                    if (change != 0) _network.AddStitched(session, neuron, change, sums.Value.Slice(row * width, width));
                }
            }

            var states = _network.States(tape, sums, session, prompt, bins);
            row = 0;
            foreach (var (trial, neuron) in all.AsSpan(first, end - first))
            {
                Put(result[trial], states.Value[(row * HiddenSize)..], session, neuron, trials[trial].Bins, trials[trial].Counts.Length / trials[trial].Bins);
                row += trials[trial].Bins;
            }
        });

        bool HidingChanges(float[] input, int neuron, int neurons)
        {
            for (var at = neuron; at < input.Length; at += neurons)
                if (input[at] != recording.Hidden(neuron)) return true;
            return false;
        }
    }

    private void Put(float[] rates, ReadOnlySpan<float> states, int session, int neuron, int bins, int neurons)
    {
        for (var bin = 0; bin < bins; bin++) rates[bin * neurons + neuron] = _network.LogRate(session, neuron, states.Slice(bin * HiddenSize, HiddenSize));
    }

    private (Variable Stitched, Variable States) Run(
        Tape tape, int session, MtmPrompt prompt, MtmRecording recording, IReadOnlyList<MtmRecordedTrial> trials, int first, int end, Func<MtmRecordedTrial, int, int, bool> isHidden)
    {
        int[] bins = [.. Enumerable.Range(first, end - first).Select(trial => trials[trial].Bins)];
        var neurons = trials[first].Counts.Length / trials[first].Bins;
        var counts = tape.Constant(bins.Sum(), neurons);
        var at = 0;
        for (var trial = first; trial < end; trial++)
        {
            var source = trials[trial].Input;
            for (var i = 0; i < source.Length; i++) counts.Value[at + i] = isHidden(trials[trial], i / neurons, i % neurons) ? recording.Hidden(i % neurons) : source[i];
            at += source.Length;
        }

        var stitched = _network.Stitch(tape, counts, session);
        return (stitched, _network.States(tape, stitched, session, prompt, bins));
    }

    private void InChunks(int count, CancellationToken cancellation, Action<Tape, int, int> work) =>
        _crew.Run((count + TrialsAtOnce - 1) / TrialsAtOnce, chunk =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_tapes.TryTake(out var tape)) tape = new Tape(_packed, _noGradients);
            tape.Begin(isTraining: false, seed: 0);
            work(tape, chunk * TrialsAtOnce, Math.Min(count, (chunk + 1) * TrialsAtOnce));
            _tapes.Add(tape);
        });
}
