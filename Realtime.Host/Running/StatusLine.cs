using System.Globalization;
using Realtime.Engine.Answers;
using Spectre.Console;

namespace Realtime.Host.Running;

/// <summary>
/// One line a second that tells whether the run is good: state word and losses first, as a narrow window cuts the end off, then age, answer time
/// and rates. Overwrites itself on a terminal, adds a line each time elsewhere. One thread.
/// </summary>
public sealed class StatusLine(IAnsiConsole console, string model)
{
    private readonly bool _terminal = console.Profile.Out.IsTerminal;
    private bool _open;

    /// <summary>What the line shows; rates and percentiles cover the interval since the last line.</summary>
    public readonly record struct State(
        double ElapsedS,
        bool Connected,
        bool Started,
        double SpikesPerS,
        double TicksPerS,
        double AgeP99Ms,
        double TotalP99Us,
        long Ticks,
        long Missed,
        long NoData,
        long Dropped,
        long LostUpstream,
        AnswerStatus LastStatus,
        string? Trouble);

    public void Show(in State state)
    {
        var (word, colour) = Word(in state);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{state.ElapsedS,5:0} s  missed {state.Missed:N0}  no data {state.NoData:N0}  dropped {state.Dropped:N0}  lost {state.LostUpstream:N0}  age p99 {state.AgeP99Ms,5:0.0} ms  answer p99 {state.TotalP99Us,4:0} us  {state.SpikesPerS,5:N0} spikes/s  {state.TicksPerS,4:0.0} ticks/s  {state.Ticks:N0} ticks  {model}");
        if (state.Trouble is { } trouble) text = $"{trouble}  {text}";
        if (_terminal)
        {
            // Cut to the width, so that the line overwrites itself and never wraps.
            text = text.Length > console.Profile.Width - 10 ? text[..Math.Max(0, console.Profile.Width - 10)] : text;
            console.Write(new ControlCode("\r\u001b[2K"));
        }

        console.Markup($"[bold {colour}]{word,-7}[/] {Markup.Escape(text)}");
        _open = true;
        if (!_terminal) End();
    }

    /// <summary>Ends the line, so that what follows stands on its own.</summary>
    public void End()
    {
        if (!_open) return;
        console.WriteLine();
        _open = false;
    }

    private static (string Word, string Colour) Word(in State state)
    {
        if (!state.Connected) return ("OFFLINE", "red");
        if (!state.Started) return ("WAITING", "yellow");
        return state.LastStatus switch
        {
            AnswerStatus.Fresh => ("LIVE", "green"),
            AnswerStatus.Late => ("LATE", "yellow"),
            AnswerStatus.Held => ("HELD", "red"),
            _ => ("NO DATA", "red"),
        };
    }
}
